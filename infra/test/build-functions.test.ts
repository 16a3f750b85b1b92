import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ENVIRONMENT } from '../../functions/tag-images/test/environment.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'build-'));
const FUNCTIONS = ['tag-images', 'query-tags', 'reconcile', 'enqueue-backfill'];
const architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64';
const built = path.join(scratch, 'out', `${process.platform}-${architecture}`);

const RUN_COMPILED = path.join(ROOT, 'functions/tag-images/src/run-compiled.ts');

function build(...args: string[]) {
  const command = [path.join(ROOT, 'infra/build-functions.ts'), '--out', path.join(scratch, 'out'), ...args];
  return spawnSync(process.execPath, command, { encoding: 'utf8' });
}

function filesOf(directory: string): string[] {
  return fs
    .readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));
}

/** Imports a bundle as Lambda does: from a folder of its own, with nothing but the stack's variables. */
function load(name: string, environment: NodeJS.ProcessEnv, flags: readonly string[] = []) {
  const directory = path.join(built, name);
  const script = "const { handler } = await import('./index.mjs'); console.log(typeof handler);";
  const AWS = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any' };
  return spawnSync(process.execPath, [...flags, '--input-type=module', '--eval', script], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...AWS, TABLE_NAME: 'tags', LAMBDA_TASK_ROOT: directory, ...environment },
  });
}

/** A model's folder, with what the project keeps beside its models. */
function modelsWith(files: Record<string, string>): string {
  const directory = fs.mkdtempSync(path.join(scratch, 'models-'));
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
    fs.writeFileSync(path.join(directory, name), content);
  }
  return directory;
}

afterAll(() => fs.rmSync(scratch, { recursive: true }));

describe('a build for this machine', () => {
  let output: string;

  beforeAll(() => {
    const { status, stderr } = build();
    output = stderr;
    expect({ status, stderr }).toMatchObject({ status: 0 });
  });

  test('prints what each function weighs, zipped below the 50 MiB of a direct upload', () => {
    const zipped = [...output.matchAll(/([a-z-]+): [\d.]+ MiB, zipped ([\d.]+) MiB/g)];
    expect(zipped.map(([, name]) => name)).toEqual(FUNCTIONS);
    for (const [, , megabytes] of zipped) expect(Number(megabytes)).toBeLessThan(50);
  });

  test('makes tag-images run from its own folder: native code loads, and the model', () => {
    const { stdout, stderr } = load('tag-images', ENVIRONMENT);
    expect({ stdout, stderr }).toMatchObject({ stdout: 'function\n' });
  });

  test.each([[[]], [['--expose-gc', '--max-old-space-size=500']]])(
    'brings a code cache that V8 takes when Node is started with %j, as Lambda does',
    (flags) => {
      const script = `const { runCompiled } = await import(${JSON.stringify(RUN_COMPILED)});
        console.log(runCompiled(process.cwd() + '/start.cjs').codeCache);`;
      const node = [...flags, '--input-type=module', '--eval', script];
      const { stdout, stderr } = spawnSync(process.execPath, node, {
        cwd: path.join(built, 'tag-images'),
        encoding: 'utf8',
      });
      expect({ stdout, stderr }).toMatchObject({ stdout: 'taken\n' });
    },
  );

  test('makes tag-images run where its code cache can’t be used', () => {
    const cache = path.join(built, 'tag-images/start.cjs.cache');
    const whole = fs.readFileSync(cache);
    try {
      // Of another version of V8, which its first bytes tell.
      fs.writeFileSync(cache, Buffer.from(whole).fill(1, 0, 16));
      expect(load('tag-images', ENVIRONMENT)).toMatchObject({ stdout: 'function\n' });
      fs.rmSync(cache);
      expect(load('tag-images', ENVIRONMENT)).toMatchObject({ stdout: 'function\n' });
    } finally {
      fs.writeFileSync(cache, whole);
    }
  });

  test('bundles the decoder that runs as a process of its own, HEIC’s with it', async () => {
    const decoder = fork(path.join(built, 'tag-images/decoder-process.cjs'), {
      execArgv: [],
      serialization: 'advanced',
      env: { PATH: process.env.PATH },
    });
    const answer = once(decoder, 'message');
    const bytes = fs.readFileSync(path.join(ROOT, 'packages/tagger/test/fixtures/quadrants-64x48.heic'));
    const header = { format: 'heic', width: 64, height: 48, encoding: { bitsPerSample: 8 } };
    decoder.send({ bytes, header, scaling: { width: 8, height: 8, fit: 'fill' } });
    const [{ result: pixels }] = await answer;
    expect(pixels).toMatchObject({ width: 8, height: 8 });
    expect(pixels.data).toHaveLength(8 * 8 * 3);
    const exit = once(decoder, 'exit');
    // As when the function ends: nothing is left running.
    decoder.disconnect();
    await exit;
  });

  test('makes query-tags run, of its code and the labels: without native code or models', () => {
    const BACKFILL_QUEUE_URL = 'https://sqs.us-east-1.amazonaws.com/1/backfill';
    const { stdout } = load('query-tags', { LABELS_DIRECTORY: 'labels', BACKFILL_QUEUE_URL });
    expect(stdout).toBe('function\n');
    expect(filesOf(path.join(built, 'query-tags')).sort()).toEqual([
      'catalogue.json',
      'index.mjs',
      'labels/everyday.json',
    ]);
  });

  test.each([
    ['reconcile', { TABLE_NAME: 'tags', BUCKET_NAME: 'photos', GRACE_SECONDS: '3600' }],
    ['enqueue-backfill', { BUCKET_NAME: 'photos' }],
  ])('makes %s run, of its code alone: it looks at no image', (name, environment) => {
    const BACKFILL_QUEUE_URL = 'https://sqs.us-east-1.amazonaws.com/1/backfill';
    expect(load(name, { ...environment, BACKFILL_QUEUE_URL })).toMatchObject({ stdout: 'function\n' });
    expect(filesOf(path.join(built, name))).toEqual(['index.mjs']);
  });

  test('takes native code of this machine’s kind only, and no sources of it', () => {
    const files = filesOf(path.join(built, 'tag-images/node_modules'));
    const native = files.filter((file) => /\.(node|dll|dylib)$|\.so(\.\d+)*$/.test(file));
    expect(native.length).toBeGreaterThanOrEqual(3);
    const ours = new RegExp(`${process.platform}[-/]${process.arch}`);
    for (const file of native) expect(file).toMatch(ours);
    expect(files.filter((file) => /\.(cc|h|gyp|map)$|\.d\.[cm]?ts$/.test(file))).toEqual([]);
  });

  test('takes of the models what the catalogue names, the catalogue, its latency profiles and its families’ embeddings', () => {
    const models = path.join(ROOT, 'models');
    const { labelSets, variants } = JSON.parse(fs.readFileSync(path.join(models, 'catalogue.json'), 'utf8'));
    const beside = fs.globSync(['profiles/*.json', 'embeddings/*.safetensors'], { cwd: models });
    const files = [
      ...Object.values(labelSets),
      ...variants.flatMap((each: any) => [each.file, each.thresholds]),
      ...beside,
    ];
    const named = new Set(['catalogue.json', ...files]);
    expect(filesOf(path.join(built, 'tag-images/models')).sort()).toEqual([...named].sort());
  });

  test('leaves nothing half made beside what it made', () => {
    expect(fs.readdirSync(built).sort()).toEqual([...FUNCTIONS].sort());
  });
});

describe('a build that fails', () => {
  const variant = {
    variant: 'mine/1.0-64',
    file: 'elsewhere/mine.onnx',
    sha256: 'a'.repeat(64),
    labels: 'mine',
    preprocessing: { inputSize: 64, fit: 'squash', centralFraction: 1 },
    multAdds: 1,
    parameters: 1,
    sizeBytes: 1,
    source: 'a test',
    licence: 'none',
  };
  const catalogue = (variants: object[]) =>
    JSON.stringify({ schemaVersion: 1, labelSets: { mine: 'mine.json' }, variants });

  test.each<[string, string[], RegExp]>([
    ['an unknown architecture', ['--architecture', 'mips'], /^Unknown architecture mips; there are: x86_64, arm64\n$/],
    ['a platform without native code', ['--platform', 'amiga'], /^ONNX Runtime isn't there for amiga .*linux x64/],
    ['an unknown flag', ['--verbose'], /^Unknown option '--verbose'/],
    ['a folder that is no catalogue', ['--models', modelsWith({})], /^Cannot read .*catalogue\.json\n$/],
    [
      'a model that the catalogue names and nobody has',
      ['--models', modelsWith({ 'catalogue.json': catalogue([variant]), 'mine.json': '[]' })],
      /names .*elsewhere.mine\.onnx, which isn't there\n$/,
    ],
    [
      'thresholds that the catalogue names and nobody has',
      [
        '--models',
        modelsWith({
          'catalogue.json': catalogue([{ ...variant, file: 'mine.onnx', thresholds: 'thresholds.json' }]),
          'mine.json': '[]',
          'mine.onnx': '',
        }),
      ],
      /names .*thresholds\.json, which isn't there\n$/,
    ],
  ])('names %s in one line, and leaves what was built before as it was', (_, args, line) => {
    const before = filesOf(path.join(scratch, 'out'));
    const { status, stderr } = build(...args);
    expect(status).toBe(1);
    expect(stderr).toMatch(line);
    expect(filesOf(path.join(scratch, 'out'))).toEqual(before);
  });
});
