import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { ImageRecord } from '@tagmill/core';
import { parse } from 'csv-parse/sync';
import { quadrants } from '../../packages/tagger/test/pictures.ts';
import { parseJsonl, ROOT, startTagmillGroup, tagmill, tagmillIn } from '../helpers/command.ts';

jest.setTimeout(60_000);

const data = path.join(ROOT, '../shared/data');
const withData = fs.existsSync(data) ? test : test.skip;

let folder: string;
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'command-'));
  for (const name of ['b.jpg', 'a.jpg', 'c.jpg']) await quadrants().jpeg().toFile(path.join(folder, name));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

describe('tagmill', () => {
  test('says its version within a second', () => {
    const start = performance.now();
    expect(tagmill('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test.each([
    ['an unknown variant', ['tag', '.', '--variant', 'everyday/9.9-128'], /there are: .*everyday\/0\.5-128/],
    ['an unknown family', ['tag', '.', '--family', 'nightly'], /there are: everyday/],
    ['both a variant and a family', ['tag', '.', '--family', 'everyday', '--variant', 'everyday/0.5-96'], /not both/],
    ['an unknown option', ['tag', '.', '--quick'], /unknown option '--quick'/],
    ['an unknown format', ['tag', '.', '--format', 'xml'], /table, jsonl, csv/],
    ['no path', ['tag'], /missing required argument/],
    ['a number that is none', ['tag', '.', '--top', 'many'], /whole number/],
    ['an unknown command', ['tga'], /unknown command 'tga'/],
  ])('refuses %s with exit 2 and says what is allowed', (_, args, message) => {
    const { code, stdout, stderr } = tagmill(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe('tagmill tag', () => {
  test('tags files, folders and globs once each, in their order', () => {
    const paths = [path.join(folder, 'c.jpg'), folder, path.join(folder, '*.jpg')];
    const { code, stdout } = tagmill('tag', ...paths, '--format', 'jsonl');
    const names = parseJsonl<ImageRecord>(stdout).map(({ image }) => path.basename((image as { path: string }).path));
    expect({ code, names }).toEqual({ code: 0, names: ['c.jpg', 'a.jpg', 'b.jpg'] });
  });

  test('says of a missing file that it is missing, tags the others, and exits 1', () => {
    const { code, stdout } = tagmill(
      'tag',
      path.join(folder, 'gone.jpg'),
      path.join(folder, 'a.jpg'),
      '--format',
      'jsonl',
    );
    const [gone, a] = parseJsonl<ImageRecord>(stdout);
    expect(code).toBe(1);
    expect(gone).toMatchObject({
      outcome: 'failed',
      reason: 'unreadable',
      message: expect.stringContaining('no such file'),
    });
    expect(['tagged', 'empty']).toContain(a!.outcome);
  });

  test('prints CSV with a header and a row an image', () => {
    const { stdout } = tagmill('tag', folder, '--format', 'csv');
    const rows = parse<Record<string, string>>(stdout, { columns: true });
    expect(rows.map(({ image }) => path.basename(image!))).toEqual(['a.jpg', 'b.jpg', 'c.jpg']);
    for (const { sha256, totalMs } of rows) {
      expect(sha256).toHaveLength(64);
      expect(Number(totalMs)).toBeGreaterThan(0);
    }
  });

  test('keeps to --top and --min-confidence', () => {
    const tags = (...args: string[]) =>
      parseJsonl<ImageRecord>(tagmill('tag', path.join(folder, 'a.jpg'), '--format', 'jsonl', ...args).stdout)[0]!;
    expect(tags('--min-confidence', '0', '--top', '7').tags).toHaveLength(7);
    const surest = tags('--min-confidence', '1').tags;
    expect(surest.length).toBeLessThan(7);
    expect(surest.filter(({ confidence }) => confidence < 1)).toEqual([]);
  });

  test('writes to --output instead', () => {
    const output = path.join(folder, 'records.jsonl');
    const { stdout } = tagmill('tag', folder, '--format', 'jsonl', '--output', output);
    expect(stdout).toBe('');
    expect(parseJsonl(fs.readFileSync(output, 'utf8'))).toHaveLength(3);
  });
});

describe('tagmill tag, of so many images that several processes tag them', () => {
  let many: string;
  beforeAll(() => {
    many = path.join(folder, 'many');
    fs.mkdirSync(many);
    for (let i = 0; i < 3000; i++) fs.linkSync(path.join(folder, 'a.jpg'), path.join(many, `${i}.jpg`));
  });
  afterAll(() => fs.rmSync(many, { recursive: true }));

  test('prints them in their order, a slow one too', async () => {
    await quadrants(1500, 1000).avif({ effort: 0 }).toFile(path.join(folder, 'slow.avif'));
    const paths = Array.from({ length: 200 }, (_, i) => path.join(many, `${i}.jpg`));
    const files = [...paths.slice(0, 50), path.join(folder, 'slow.avif'), ...paths.slice(50)];
    const { code, stdout, stderr } = tagmill(
      'tag',
      ...files,
      '--variant',
      'everyday/0.5-96',
      '--min-confidence',
      '0.1',
      '--format',
      'jsonl',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(parseJsonl<ImageRecord>(stdout).map(({ image }) => (image as { path: string }).path)).toEqual(files);
    fs.rmSync(path.join(folder, 'slow.avif'));
  });

  test('refuses a variant that there is not as it would for one image', () => {
    const { code, stdout, stderr } = tagmill('tag', many, '--variant', 'everyday/9.9-128');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^tagmill: .*there are: .*everyday\/0\.5-128.*\n$/);
  });

  test.each([
    ['the command', (pid: number) => process.kill(pid, 'SIGINT')],
    ['its whole process group', (pid: number) => process.kill(-pid, 'SIGINT')],
  ])('stops cleanly on Ctrl-C that %s hears, with what is done printed', async (_, interrupt) => {
    const child = startTagmillGroup('tag', many, '--min-confidence', '0.1', '--format', 'jsonl');
    let stdout = '';
    let stderr = '';
    child.stderr.on('data', (text) => (stderr += text));
    child.stdout.on('data', (text) => {
      if (!stdout) interrupt(child.pid!);
      stdout += text;
    });
    const [code] = await once(child, 'close');
    const done = parseJsonl(stdout).length;
    expect(code).toBe(130);
    expect(done).toBeLessThan(3000);
    expect(stderr).toBe(`Interrupted: ${done} of 3000 images done\n`);
  });
});

test('nothing is written for anyone else to read: ONNX Runtime’s telemetry is off', () => {
  const home = path.join(folder, 'home');
  fs.mkdirSync(home);
  const { code } = tagmillIn(
    { HOME: home, XDG_CACHE_HOME: path.join(home, '.cache') },
    'tag',
    path.join(folder, 'a.jpg'),
  );
  expect(code).toBe(0);
  expect(fs.readdirSync(home, { recursive: true })).toEqual([]);
});

describe('tagmill models', () => {
  test('lists each variant with what was measured of it', () => {
    const { variants } = JSON.parse(tagmill('models', 'ls', '--json').stdout);
    expect(variants).not.toHaveLength(0);
    for (const variant of variants) {
      expect(variant).toMatchObject({
        top1: expect.any(Number),
        measuredOn: expect.any(String),
        multAdds: expect.any(Number),
      });
    }
    expect(tagmill('models', 'ls').stdout).toContain('everyday/0.5-128');
  });

  test('verifies that the models are whole', () => {
    expect(tagmill('models', 'verify')).toMatchObject({ code: 0, stdout: expect.not.stringContaining('FAULT') });
  });

  test('prints costs as tables and as JSON', () => {
    const { rows } = JSON.parse(tagmill('models', 'cost', '--json').stdout);
    const at = (network: string) =>
      rows.find(
        (row: { network: string; alpha: number; resolution: number }) =>
          row.network === network && row.alpha === 1 && row.resolution === 224,
      );
    expect(at('mobilenet-v1')).toMatchObject({ multAdds: 568_740_352, parameters: 4_209_088 });
    expect(at('full-convolution').multAdds).toBeGreaterThan(4.8e9);
    expect(tagmill('models', 'cost').stdout).toMatch(/Conv 3x3.*1\.19.*1\.91/);
  });

  withData('imports the publisher’s file into a catalogue that tag and verify use (needs ../shared)', () => {
    const models = path.join(folder, 'models');
    const imported = tagmill(
      'models',
      'import',
      path.join(data, 'official/mobilenet_v1_0.25_128_quant.tflite'),
      '--models',
      models,
    );
    expect(imported).toMatchObject({ code: 0, stdout: 'imagenet/0.25-128\nimagenet/0.25-128-int8\n' });
    const { stdout } = tagmill(
      'tag',
      path.join(data, 'photos/parrot.jpg'),
      '--variant',
      'imagenet/0.25-128',
      '--models',
      models,
      '--format',
      'jsonl',
    );
    expect(parseJsonl<ImageRecord>(stdout)[0]!.tags[0]!.name).toBe('parrot');
    expect(tagmill('models', 'verify', '--models', models)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('note  labels "imagenet": Nothing is above label 0 (background)'),
    });
  });

  withData('refuses to import what is no such network, in one line (needs ../shared)', () => {
    const { code, stderr } = tagmill(
      'models',
      'import',
      path.join(data, 'photos/parrot.jpg'),
      '--models',
      path.join(folder, 'none'),
    );
    expect(code).not.toBe(0);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  withData(
    'evaluates on a packed set, by those of its classes that are labels (needs ../shared)',
    () => {
      const set = path.join(data, 'tiny-imagenet');
      const { stdout } = tagmill('models', 'eval', '--variant', 'everyday/0.75-128', '--data', set, '--json');
      const [{ images, top1, top5 }] = JSON.parse(stdout).evaluations;
      // Of 5,000, some are of classes that no label has.
      expect(images).toBeGreaterThan(3000);
      expect(images).toBeLessThan(5000);
      // One in 160 is right by chance.
      expect(top1).toBeGreaterThan(0.15);
      expect(top5).toBeGreaterThan(top1);
    },
    240_000,
  );
});
