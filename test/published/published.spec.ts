import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { ROOT } from '../helpers/command.ts';
import { BUILT, builtFolder, FACES, isBuilt, PACKAGES, readManifest, sizeOf } from './packages.ts';

/** Of a function with its layers: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MOST_UNZIPPED_BYTES = 250 * 2 ** 20;

/** Its native packages are fetched from npm, which a test can't count on. */
const MAY_BE_MISSING = ['lambda-arm64'];

const MISSING = PACKAGES.filter((name) => !isBuilt(name));

test('only packages that need the network to be built are missing', () => {
  expect(MISSING.filter((name) => !MAY_BE_MISSING.includes(name))).toEqual([]);
});

for (const name of MISSING) test.skip(`${name} (it isn't built: npm run build:package builds it)`, () => undefined);

test.each(BUILT)('publint finds nothing in %s', (name) => {
  const { status, stdout } = run('publint', path.relative(ROOT, builtFolder(name)), '--strict');
  expect({ status, stdout }).toMatchObject({ status: 0 });
});

test.each(FACES)('the types of %s are right for whoever imports it as an ES module', (name) => {
  const folder = path.relative(ROOT, builtFolder(name));
  const { status, stdout } = run('attw', '--pack', folder, '--profile', 'esm-only', '--no-definitely-typed');
  expect({ status, stdout }).toMatchObject({ status: 0 });
});

/** A face that changed is seen in the diff of the snapshot: copy the built file over it, and say in CHANGELOG.md what breaks. */
test.each(FACES)("%s: the face's declarations are those of the snapshot", (name) => {
  const built = fs.readFileSync(path.join(builtFolder(name), 'dist/index.d.ts'), 'utf8');
  expect(built).toBe(fs.readFileSync(path.join(ROOT, 'test/fixtures/faces', `${name}.d.ts.txt`), 'utf8'));
});

test.each(BUILT)('%s holds JavaScript only, and no install script', (name) => {
  const folder = builtFolder(name);
  const { scripts, os, cpu } = readManifest(name);
  expect({ scripts, os, cpu }).toEqual({});
  expect(fs.globSync('**/*.ts', { cwd: folder }).filter((file) => !file.endsWith('.d.ts'))).toEqual([]);
});

test('all packages have one version', () => {
  expect(new Set(BUILT.map((name) => readManifest(name).version)).size).toBe(1);
});

test.each(BUILT.filter((name) => name.startsWith('lambda-')))(
  'each function of %s fits into Lambda, unzipped',
  (name) => {
    const functions = fs.readdirSync(builtFolder(name), { withFileTypes: true }).filter((each) => each.isDirectory());
    expect(functions.map((each) => each.name).sort()).toEqual([
      'enqueue-backfill',
      'query-tags',
      'reconcile',
      'tag-images',
    ]);
    for (const each of functions) {
      expect(sizeOf(path.join(builtFolder(name), each.name))).toBeLessThan(MOST_UNZIPPED_BYTES);
    }
  },
);

test('tagmill holds the weights of the checkout, and the embeddings that it has', () => {
  const files = (root: string) => fs.globSync('models/{weights,embeddings}/*', { cwd: root }).sort();
  expect(files(builtFolder('tagmill'))).toEqual(files(ROOT));
});

/** Runs a command of a development dependency. */
function run(name: string, ...args: string[]) {
  return spawnSync(path.join(ROOT, 'node_modules/.bin', name), args, { cwd: ROOT, encoding: 'utf8' });
}
