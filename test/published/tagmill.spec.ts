import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ROOT } from '../helpers/command.ts';
import {
  findOldNode,
  INSTALL_MS,
  install,
  outdatedRow,
  PHOTO,
  runNode,
  runNpx,
  sizeOf,
  startNode,
  typeFaults,
} from './packages.ts';

const MOST_BYTES = 60e6;
const COMMAND = 'node_modules/tagmill/dist/tagmill.js';
const RUN_MS = 300_000;
const POLL_MS = 200_000;

let folder: string;

beforeAll(() => {
  folder = install(['tagmill'], ['@types/node']);
  for (const name of ['photo', 'cat', 'sea']) fs.copyFileSync(PHOTO, path.join(folder, `${name}.jpg`));
}, INSTALL_MS);

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

test(
  'the command tags a photo',
  () => {
    const { stdout, status } = runNpx(folder, 'tagmill', 'tag', 'photo.jpg', '--format', 'jsonl');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ image: { path: 'photo.jpg' }, outcome: 'tagged' });
  },
  RUN_MS,
);

test(
  "the README's program has no fault of types, and tags a buffer and two files",
  () => {
    const readme = fs.readFileSync(path.join(ROOT, 'packages/tagmill/README.md'), 'utf8');
    const program = /```ts\n(.*?)```/s.exec(readme)![1]!;
    expect(program.trim().split('\n').length).toBeLessThanOrEqual(15);
    expect(typeFaults(folder, program)).toBe('');
    // Node takes the types out.
    const { stdout, stderr } = runNode(folder, 'program.ts');
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^tagged .+ \d\.\d\d\ncat\.jpg (true|false)\nsea\.jpg (true|false)\n$/);
  },
  RUN_MS,
);

test(
  'a script tags a buffer, many files, and within a budget',
  () => {
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
     const quick = await Tagger.open({ budgetMs: 50_000 });
     const { budget } = await quick.tag({ bytes, path: 'mine.jpg' });
     await quick.close();
     console.log(JSON.stringify({ all, outcome: one.outcome, variant: one.model.variant, budget }));`,
    );
    const { stdout, stderr } = runNode(folder, 'script.js');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      all: ['tagged', 'failed'],
      outcome: 'tagged',
      variant: 'everyday/0.5-128',
      budget: { latencyMs: 50_000, met: true },
    });
  },
  RUN_MS,
);

test('a misspelt option of the library is refused, and the options are listed', () => {
  const script = "import { Tagger } from 'tagmill'; await Tagger.open({ budget: 50 });";
  const { stderr } = runNode(folder, '--input-type=module', '-e', script);
  expect(stderr).toMatch(/Unknown options budget; there are: .*budgetMs/);
});

test('the command has what teaches tags', () => {
  const taught = runNode(folder, COMMAND, 'taught', 'ls', '--json');
  expect(JSON.parse(taught.stdout)).toEqual({ tags: [] });
  const { stderr, status } = runNode(folder, COMMAND, 'teach', 'x', '--examples', 'none');
  expect({ stderr, status }).toEqual({ stderr: 'tagmill: none is no folder: give one with photos\n', status: 2 });
});

test(
  'up runs the pipeline, which tags what is dropped into its bucket',
  async () => {
    const up = startNode(folder, COMMAND, 'up', '--port', '0', '--variant', 'everyday/0.5-128');
    const exited = new Promise((resolve) => up.once('exit', resolve));
    try {
      let said = '';
      up.stderr.setEncoding('utf8').on('data', (text) => {
        said += text;
      });
      const lines = createInterface({ input: up.stdout })[Symbol.asyncIterator]();
      const { value: line } = await lines.next();
      if (line === undefined) throw new Error(said);
      const { s3, uploadBucket, api } = JSON.parse(line);
      await fetch(`${s3}/${uploadBucket}/photo.jpg`, { method: 'PUT', body: fs.readFileSync(PHOTO) });
      const record = await poll(new URL(`images/${uploadBucket}/photo.jpg`, api));
      expect(record).toMatchObject({ outcome: 'tagged', model: { variant: 'everyday/0.5-128' } });
    } finally {
      up.kill('SIGINT');
      await exited;
    }
  },
  RUN_MS,
);

test('up refuses an option that would need another template, by name', () => {
  const { stderr, status } = runNode(folder, COMMAND, 'up', '--stack-options', '{"batchSize":5}');
  expect(status).toBe(2);
  expect(stderr).toMatch(/^tagmill: up: batchSize would need another template/m);
});

const old = findOldNode();
(old === undefined ? test.skip : test)(
  `a Node that is too old is told so in one line (${old ?? 'the PATH has none'})`,
  () => {
    const line = /tagmill needs Node 22\.19 or later, or Node 24; this is \d+\.\d+\.\d+\. Install one from \S+/;
    const { stderr, status } = spawnSync(old!, [COMMAND, 'tag', 'photo.jpg'], { cwd: folder, encoding: 'utf8' });
    expect({ stderr, status }).toEqual({ stderr: expect.stringMatching(new RegExp(`^${line.source}\n$`)), status: 2 });
    const script = "import('tagmill').catch(({ message }) => process.stdout.write(message))";
    const { stdout } = spawnSync(old!, ['-e', script], { cwd: folder, encoding: 'utf8' });
    expect(stdout).toMatch(new RegExp(`^${line.source}$`));
  },
);

test('without ONNX Runtime and sharp it has less than 60 MB', () => {
  const others = /^(onnxruntime-\w+|sharp|@img|@types|undici-types)\//;
  expect(sizeOf(path.join(folder, 'node_modules'), others)).toBeLessThan(MOST_BYTES);
});

test("the README's table has the sizes", () => {
  const readme = fs.readFileSync(path.join(ROOT, 'packages/tagmill/README.md'), 'utf8');
  const megabytes = (...parts: string[]) =>
    parts.reduce((sum, part) => sum + sizeOf(path.join(folder, 'node_modules', part)), 0) / 1e6;
  const sizes: Record<string, number> = {
    'onnxruntime-node': megabytes('onnxruntime-node', 'onnxruntime-common'),
    sharp: megabytes('sharp', '@img'),
    tagmill: megabytes('tagmill'),
  };
  const named = Object.values(sizes).reduce((sum, each) => sum + each, 0);
  sizes['all else'] = megabytes('.') - named - megabytes('@types', 'undici-types');
  expect(Object.entries(sizes).flatMap(([row, size]) => outdatedRow(readme, row, [size]))).toEqual([]);
});

/** Asks until there is an answer; the test's time is longer. */
async function poll(url: URL): Promise<unknown> {
  for (const end = Date.now() + POLL_MS; Date.now() < end; await delay(200)) {
    const response = await fetch(url);
    if (response.ok) return response.json();
  }
  throw new Error(`No answer at ${url} within ${POLL_MS / 1000} s`);
}
