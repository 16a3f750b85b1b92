import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { describeMachine, loadLatencyModel } from '@tagmill/policy';
import { loadSpace } from '@tagmill/teach/space';
import { loadCatalogue } from '@tagmill/variants';
import { ROOT } from '../../test/helpers/command.ts';
import { writeRandomFamily } from '../../test/helpers/random-family.ts';
import { bundleLabels, bundleModels, modelsToBundle } from '../bundle-models.ts';
import { cacheCode } from '../code-cache.ts';

const PROJECT = path.join(ROOT, 'models');

let scratch: string;
let own: string;
let bundle: string;
beforeAll(() => {
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'bundle-models-'));
  own = path.join(scratch, 'share/tagmill/models');
  fs.mkdirSync(own, { recursive: true });
  writeRandomFamily(own);
  // As `tagmill models import` leaves it: nobody has measured anything.
  fs.rmSync(path.join(own, 'profiles'), { recursive: true });
});
afterAll(() => fs.rmSync(scratch, { recursive: true }));
beforeEach(() => {
  bundle = fs.mkdtempSync(path.join(scratch, 'bundle-'));
});

const bundled = () => loadCatalogue({ directories: [bundle] });

describe('models of one’s own', () => {
  test('follow into the bundle by their family, with labels, and with times that are predicted', async () => {
    await bundleModels({ folders: [PROJECT, own], family: 'random' }, bundle);
    const { variants } = await bundled();
    expect(variants.map(({ variant }) => variant)).toEqual(['random/0.25-64', 'random/0.75-192', 'random/1-448']);
    for (const { file } of variants) expect(fs.existsSync(file)).toBe(true);
    expect(await (await bundled()).labels(variants[0]!)).toHaveLength(10);
    expect(fs.globSync('**/everyday*', { cwd: bundle })).toEqual([]);

    const model = await loadLatencyModel([bundle], describeMachine(1769));
    expect(model.inference(variants[0]!, 1)).toMatchObject({ extrapolated: true });
  });

  test('are bundled without a family beside all that the other folders have', async () => {
    await bundleModels({ folders: [PROJECT, own] }, bundle);
    const families = new Set((await bundled()).variants.map(({ family }) => family));
    expect([...families].sort()).toEqual(['everyday', 'random']);
  });

  test('bring along the embeddings of the families that have any', async () => {
    await bundleModels({ folders: [PROJECT], family: 'everyday' }, bundle);
    const [bundledSpace, space] = await Promise.all(
      [bundle, PROJECT].map((folder) => loadSpace('everyday', path.join(folder, 'embeddings/everyday.safetensors'))),
    );
    expect(bundledSpace!.id).toBe(space!.id);
  });

  test('are known to the function that answers questions: labels and names alone', async () => {
    await bundleLabels({ folders: [PROJECT, own], family: 'random' }, bundle);
    expect(fs.globSync('**/*.*', { cwd: bundle }).sort()).toEqual(['catalogue.json', 'labels/things.json']);
    const { variants } = JSON.parse(fs.readFileSync(path.join(bundle, 'catalogue.json'), 'utf8'));
    expect(variants).toContainEqual({ variant: 'random/1-448' });
  });

  test('are looked for where they are imported to; the family is that of the stack’s options', () => {
    const before = process.env.XDG_DATA_HOME;
    try {
      process.env.XDG_DATA_HOME = path.join(scratch, 'share');
      expect(modelsToBundle({})).toEqual({ folders: [PROJECT, own], family: 'everyday' });
      expect(modelsToBundle({ family: 'random' })).toEqual({ folders: [PROJECT, own], family: 'random' });
      process.env.XDG_DATA_HOME = path.join(scratch, 'nothing');
      expect(modelsToBundle({})).toEqual({ folders: [PROJECT], family: 'everyday' });
      expect(modelsToBundle({ models: [own] })).toEqual({ folders: [own] });
    } finally {
      if (before === undefined) delete process.env.XDG_DATA_HOME;
      else process.env.XDG_DATA_HOME = before;
    }
  });

  test('of a family that nobody has are refused, with those that there are', async () => {
    await expect(bundleModels({ folders: [PROJECT, own], family: 'imagenet' }, bundle)).rejects.toMatchObject({
      code: 'unknown-variant',
      message: 'Unknown family "imagenet"; there are: everyday, random',
    });
  });
});

test('a bundle that does not start says why, and not where', async () => {
  fs.mkdirSync(path.join(bundle, 'models'));
  fs.writeFileSync(path.join(bundle, 'models/catalogue.json'), '{"variants":[{"variant":"everyday/0.5-96"}]}');
  fs.writeFileSync(path.join(bundle, 'index.mjs'), 'throw new RangeError("No latency profile");');
  await expect(cacheCode(bundle)).rejects.toMatchObject({
    code: 'internal',
    message: `${path.basename(bundle)} does not run: RangeError: No latency profile`,
  });
});
