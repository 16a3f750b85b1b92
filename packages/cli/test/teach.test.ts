import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { ROOT, tagmill, tagmillIn } from '../../../test/helpers/command.ts';
import { FASTEST, writeRandomFamily } from '../../../test/helpers/random-family.ts';
import { striped } from '../../../test/helpers/striped.ts';

/** Embeddings come with the project: models/training/embeddings.py. */
const EMBEDDINGS = path.join(ROOT, 'models/embeddings/everyday.safetensors');
const testWithEmbeddings = fs.existsSync(EMBEDDINGS) ? test : test.skip;

const PHOTOS = path.join(ROOT, '../shared/data/photos');
const testWithPhotos = fs.existsSync(EMBEDDINGS) && fs.existsSync(PHOTOS) ? test : test.skip;

/** A process that is killed as soon as it would rename a file. */
const KILL_AT_RENAME = `import fs from 'node:fs/promises';
fs.rename = () => process.kill(process.pid, 'SIGKILL');`;

let directory: string;
let stripes: string;
let models: string;

beforeAll(async () => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'teach-'));
  stripes = path.join(directory, 'stripes');
  models = path.join(directory, 'models');
  fs.mkdirSync(stripes);
  for (let i = 0; i < 12; i++) fs.writeFileSync(path.join(stripes, `${i}.png`), await striped(i));
}, 60_000);
afterAll(() => fs.rmSync(directory, { recursive: true }));

function folder(name: string, files: Readonly<Record<string, Buffer | string>>): string {
  const made = path.join(directory, name);
  fs.mkdirSync(made, { recursive: true });
  for (const [file, content] of Object.entries(files)) fs.writeFileSync(path.join(made, file), content);
  return made;
}

const example = (i: number) => fs.readFileSync(path.join(stripes, `${i}.png`));

describe('tagmill teach', () => {
  testWithEmbeddings(
    'makes a tag that `tagmill tag` gives like any other, until it is forgotten',
    async () => {
      const name = 'bee’s / 蜂 "stripes"';
      const taught = tagmill('teach', name, '--examples', stripes, '--models', models);
      expect(taught).toMatchObject({ code: 0 });
      expect(taught.stdout).toContain(`${name}: 12 examples`);

      const photos = folder('new', { 'new.png': await striped(40), 'grey.png': await grey() });
      const records = (...options: string[]) => {
        const { stdout } = tagmill('tag', photos, '--models', models, '--format', 'jsonl', '--top', '500', ...options);
        return stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line));
      };
      const tagOf = (record: { tags: { name: string }[] }) => record.tags.find((tag) => tag.name === name);
      const [other, stripedOne] = records();
      expect(tagOf(stripedOne)).toEqual({ name, confidence: expect.any(Number), parents: [], source: 'taught' });
      expect(tagOf(other)).toBeUndefined();
      // All of them, whatever their threshold; highest first.
      const [all] = records('--min-confidence', '0');
      expect(tagOf(all)).toBeDefined();
      const confidences = all.tags.map(({ confidence }: { confidence: number }) => confidence);
      expect(confidences).toEqual(confidences.toSorted((a: number, b: number) => b - a));
      // Another variant of the same space.
      expect(tagOf(records('--variant', 'everyday/0.75-128-int8', '--min-confidence', '0')[1])).toBeDefined();

      const listed = JSON.parse(tagmill('taught', 'ls', '--models', models, '--json').stdout);
      expect(listed.tags).toMatchObject([{ name, exampleCount: 12, family: 'everyday' }]);
      expect(tagmill('taught', 'show', name, '--models', models).stdout).toContain('everyday/0.75-128-int8');
      expect(tagmill('taught', 'rm', name, '--models', models)).toMatchObject({ code: 0 });
      expect(tagOf(records('--min-confidence', '0')[1])).toBeUndefined();
    },
    240_000,
  );

  testWithEmbeddings(
    'names a corrupt example, skips it and counts it; copies of a picture count once; few examples are warned of',
    () => {
      const examples = folder('odd', {
        '1.png': example(1),
        '2.png': example(2),
        'copy.png': example(2),
        'bad.jpg': 'no image',
      });
      const { code, stderr } = tagmill(
        'teach',
        'stripes',
        '--examples',
        examples,
        '--models',
        path.join(directory, 'odd-models'),
      );
      expect(stderr).toContain(`Skipped ${path.join(examples, 'bad.jpg')}: `);
      expect(stderr).toContain('1 of 4 photos were skipped');
      expect(stderr).toContain('1 of 3 examples show the same picture as another');
      expect(stderr).toContain('2 examples are few');
      expect(code).toBe(0);
    },
    120_000,
  );

  testWithEmbeddings(
    'is refused where all examples are one picture',
    () => {
      const examples = folder('same', { 'a.png': example(1), 'b.png': example(1), 'c.png': example(1) });
      const { code, stderr } = tagmill('teach', 'stripes', '--examples', examples, '--models', models);
      expect(stderr).toContain('There is one example of "stripes"');
      expect(code).toBe(2);
    },
    60_000,
  );

  testWithEmbeddings(
    'says that a tag needs its examples again where it was taught in another space',
    async () => {
      const own = path.join(directory, 'old-models');
      tagmill('teach', 'stripes', '--examples', stripes, '--models', own);
      const [file] = fs.readdirSync(path.join(own, 'taught')).map((name) => path.join(own, 'taught', name));
      const tag = JSON.parse(fs.readFileSync(file!, 'utf8'));
      fs.writeFileSync(file!, JSON.stringify({ ...tag, space: 'everyday-128-000000000000' }));
      const photos = folder('again', { 'new.png': await striped(41) });
      const { stderr, stdout, code } = tagmill(
        'tag',
        photos,
        '--models',
        own,
        '--format',
        'jsonl',
        '--min-confidence',
        '0',
      );
      expect(stderr).toContain('"stripes" is left out: it needs its examples again');
      expect(stdout).not.toContain('"taught"');
      expect(code).toBe(0);
    },
    120_000,
  );

  testWithEmbeddings(
    'leaves the old tag whole if it is killed before the new one is in its place',
    () => {
      const own = path.join(directory, 'killed-models');
      const options = ['teach', 'stripes', '--examples', stripes, '--models', own];
      tagmill(...options);
      const shown = () => tagmill('taught', 'show', 'stripes', '--models', own, '--json').stdout;
      const before = shown();
      const killer = path.join(directory, 'kill-at-rename.mjs');
      fs.writeFileSync(killer, KILL_AT_RENAME);
      expect(tagmillIn({ NODE_OPTIONS: `--import ${killer}` }, ...options).code).toBeNull();
      expect(fs.readdirSync(path.join(own, 'taught'))).toHaveLength(2);
      expect(shown()).toBe(before);
    },
    120_000,
  );

  testWithPhotos(
    'finds other crops of a photo, and no photo of something else',
    async () => {
      const picture = sharp(fs.readFileSync(path.join(PHOTOS, 'parrot.jpg')));
      const { width, height } = await picture.metadata();
      const crop = (i: number) => {
        const share = 0.6 + 0.03 * (i % 7);
        const [w, h] = [Math.floor(width * share), Math.floor(height * share)];
        const [left, top] = [Math.floor((width - w) * ((i * 0.37) % 1)), Math.floor((height - h) * ((i * 0.61) % 1))];
        return picture
          .clone()
          .extract({ left, top, width: w, height: h })
          .modulate({ brightness: 0.8 + 0.05 * (i % 9) })
          .jpeg()
          .toBuffer();
      };
      const crops = folder('crops', {});
      for (let i = 0; i < 10; i++) fs.writeFileSync(path.join(crops, `${i}.jpg`), await crop(i));
      const others = folder('others', { 'parrot.jpg': await crop(23) });
      for (const name of ['bird.png', 'cat_1080p.jpg', 'sunflower.png']) {
        fs.copyFileSync(path.join(PHOTOS, name), path.join(others, name));
      }
      const own = path.join(directory, 'parrot-models');
      expect(tagmill('teach', 'Polly', '--examples', crops, '--models', own).code).toBe(0);
      const { stdout } = tagmill('tag', others, '--models', own, '--format', 'jsonl', '--top', '500');
      const named = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
        .filter(({ tags }) => tags.some((tag: { name: string }) => tag.name === 'Polly'));
      expect(named.map(({ image }) => path.basename(image.path))).toEqual(['parrot.jpg']);
    },
    120_000,
  );

  test('is refused without examples, and by names that the family has', () => {
    const empty = folder('empty', {});
    const refused = (...args: string[]) => tagmill('teach', ...args, '--models', models);
    expect(refused('dog', '--examples', stripes)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('"dog" is a tag of everyday already'),
    });
    expect(refused('  Animal ', '--examples', stripes).stderr).toContain('already');
    expect(refused('rex', '--examples', path.join(directory, 'nowhere')).stderr).toContain('is no folder');
    expect(refused('rex', '--examples', stripes, '--prevalence', '0').code).toBe(2);
    expect(refused('a\nb', '--examples', stripes).stderr).toContain('is no name for a tag');
    expect(refused('rex', '--examples', empty).stderr).toContain('No images in');
  }, 60_000);

  test('is refused for a family that brings no background to tell examples from', () => {
    const own = folder('own-family', {});
    writeRandomFamily(own);
    const { code, stderr } = tagmill('teach', 'rex', '--examples', stripes, '--variant', FASTEST, '--models', own);
    expect(stderr).toBe(
      `tagmill: ${FASTEST} can't be taught: its family has no background of other photos to tell examples from. Use a variant of everyday\n`,
    );
    expect(code).toBe(2);
  });

  test('forgets nothing where nothing of that name is taught', () => {
    const { code, stderr } = tagmill('taught', 'rm', 'nothing', '--models', path.join(directory, 'none'));
    expect(stderr).toContain('No tag "nothing" is taught in');
    expect(code).toBe(1);
  });
});

function grey(): Promise<Buffer> {
  return sharp({ create: { width: 200, height: 200, channels: 3, background: 'grey' } })
    .png()
    .toBuffer();
}

describe('the embeddings that ship', () => {
  testWithEmbeddings('were made of the weights that ship, for every variant of everyday', async () => {
    const { EmbeddingSpace } = await import('@tagmill/teach');
    const { loadCatalogue } = await import('@tagmill/variants');
    const catalogue = await loadCatalogue({ directories: [path.join(ROOT, 'models')] });
    const space = new EmbeddingSpace('everyday', fs.readFileSync(EMBEDDINGS));
    const missing = catalogue.family('everyday').filter((variant) => !space.holds(variant));
    expect(missing.map(({ variant }) => variant)).toEqual([]);
    expect(space.background.length).toBeGreaterThanOrEqual(8000);
  });
});
