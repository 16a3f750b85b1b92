import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { ImageRecord } from '@tagmill/core';
import { loadCatalogue } from '@tagmill/variants';
import { quadrants } from '../../packages/tagger/test/pictures.ts';
import { parseJsonl, ROOT, tagmill } from '../helpers/command.ts';

jest.setTimeout(180_000);

const TINY_IMAGENET = path.join(ROOT, '../shared/data/tiny-imagenet');
const withData = fs.existsSync(TINY_IMAGENET) ? test : test.skip;

let folder: string;
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'latency-'));
  for (const name of ['a.jpg', 'b.jpg']) await quadrants().jpeg().toFile(path.join(folder, name));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

describe('tagmill tag --budget', () => {
  const tagWithin = (budgetMs: number) => {
    const { code, stdout, stderr } = tagmill('tag', folder, '--budget', String(budgetMs), '--format', 'jsonl');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return parseJsonl<ImageRecord>(stdout).map(({ model, budget }) => ({ variant: model!.variant, ...budget }));
  };

  test('takes the most accurate variant where the budget is loose, and says so', async () => {
    const family = (await loadCatalogue({ directories: [path.join(ROOT, 'models')] })).family('everyday');
    const { variant } = family.reduce((best, each) => (each.top1! > best.top1! ? each : best));
    const loose = { latencyMs: 60_000, met: true, reason: 'most-accurate', variant };
    expect(tagWithin(60_000)).toEqual(Array(2).fill(expect.objectContaining(loose)));
  });

  test('takes the fastest where nothing fits, and says so', () => {
    // The processor decides whether int8 is the faster one of the two.
    const variant = expect.stringMatching(/^everyday\/0\.5-96(-int8)?$/);
    const expected = { latencyMs: 1, reason: 'none-fits', variant };
    expect(tagWithin(1)).toEqual(Array(2).fill(expect.objectContaining(expected)));
  });

  test('refuses a budget that is none', () => {
    expect(tagmill('tag', folder, '--budget', '0')).toMatchObject({ code: 2, stdout: '' });
  });
});

test('tagmill models profile measures this machine, says how good its predictions are, and keeps them', () => {
  const models = path.join(folder, 'models');
  writeFewVariants(models);
  const { code, stdout } = tagmill(
    ...['models', 'profile', '--models', models, '--family', 'few', '--images', '3', '--into', models, '--json'],
  );
  expect(code).toBe(0);
  const { file, profile, check } = JSON.parse(stdout);
  expect(JSON.parse(fs.readFileSync(file, 'utf8'))).toEqual(profile);
  expect(profile.machine.cores).toBe(os.availableParallelism());
  expect(new Set(profile.inferences.map(({ inFlight }: { inFlight: number }) => inFlight))).toEqual(new Set([1, 2, 4]));
  expect(profile.coldLoads.length).toBeGreaterThan(0);
  expect(check.coverage).toBeGreaterThan(0.5);
  expect(check.costModel.mean).toBeGreaterThan(0);
});

/** The narrowest width's variants under another name: all of `everyday` would take minutes. */
function writeFewVariants(directory: string): void {
  fs.cpSync(path.join(ROOT, 'models/labels'), path.join(directory, 'labels'), { recursive: true });
  const weights = 'weights/everyday-0.5.safetensors';
  fs.mkdirSync(path.join(directory, 'weights'));
  fs.copyFileSync(path.join(ROOT, 'models', weights), path.join(directory, weights));
  const { variants } = JSON.parse(fs.readFileSync(path.join(ROOT, 'models/catalogue.json'), 'utf8'));
  const few = variants
    .filter(({ file }: { file: string }) => file === weights)
    .map((entry: { variant: string }) => ({
      ...entry,
      variant: entry.variant.replace('everyday', 'few'),
      labels: 'few',
    }));
  const catalogue = { schemaVersion: 1, labelSets: { few: 'labels/everyday.json' }, variants: few };
  fs.writeFileSync(path.join(directory, 'catalogue.json'), JSON.stringify(catalogue));
}

withData('tagmill models eval reports accuracy, calibration and latency, and draws them', () => {
  const plot = path.join(folder, 'plot');
  const { code, stdout } = tagmill(
    'models',
    'eval',
    '--data',
    TINY_IMAGENET,
    '--limit',
    '40',
    '--json',
    '--plot',
    plot,
  );
  expect(code).toBe(0);
  const { evaluations } = JSON.parse(stdout);
  for (const { latencyMs } of evaluations) expect(latencyMs.p95).toBeGreaterThan(latencyMs.p50);
  // Of forty blurred pictures the narrowest variant may name none.
  for (const figure of ['top1', 'calibrationError']) {
    expect(Math.max(...evaluations.map((each: Record<string, number>) => each[figure]))).toBeGreaterThan(0);
  }
  expect(fs.readFileSync(`${plot}.svg`, 'utf8')).toContain('top-1, %');
  expect(fs.readFileSync(`${plot}.png`).subarray(1, 4).toString()).toBe('PNG');
});
