import { Logger } from '@aws-lambda-powertools/logger';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fingerprint, ImageRecord } from '@tagmill/core';
import { TagStore, type TagStoreOptions } from '@tagmill/tag-store';
import fc from 'fast-check';
import { KILLED, storeThatDies } from '../../../packages/tag-store/test/dying-store.ts';
import { record, tag } from '../../../packages/tag-store/test/records.ts';
import { startDynamo, type TemporaryDynamo } from '../../../packages/tag-store/test/temporary-table.ts';
import { StillReadingError } from '../src/places-in-memory.ts';
import { toProblem } from '../src/problem.ts';
import { createRoutes } from '../src/routes.ts';
import { SimilarImages } from '../src/similar-images.ts';
import { buildVocabulary } from '../src/vocabulary.ts';

const MINUTE_MS = 60_000;
let dynamo: TemporaryDynamo;
let options: TagStoreOptions;
let store: TagStore;
/** Of the clock that all go by. */
let time: number;
const now = () => time;

beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.close());
beforeEach(async () => {
  options = { client: dynamo.client, tableName: await dynamo.createTable() };
  store = new TagStore(options);
  time = Date.parse('2026-01-02T03:04:05Z');
});

function print(embedding: number[], space = 'made-4-abc'): Fingerprint {
  const packed = Buffer.from(Int8Array.from(embedding)).toString('base64');
  return { hash: '123456789abcdef0', sharpness: 9, space, embedding: packed };
}

async function write(
  key: string,
  fingerprint: Fingerprint | undefined,
  { into = store, tags = [tag('cat', 0.9)], ...more }: Partial<ImageRecord> & { into?: TagStore } = {},
) {
  const next = record(key, tags, { taggedAt: new Date(time).toISOString(), ...more });
  const seen = await into.read({ bucket: 'photos', key });
  await into.write(seen, { record: next, fingerprint, at: new Date(time) });
}

async function remove(key: string, from = store) {
  await from.write(await from.read({ bucket: 'photos', key }), { at: new Date(time) });
}

async function keysLike(similar: SimilarImages, key: string, limit = 10) {
  const { images } = await similar.find({ bucket: 'photos', key }, { limit, fingerprint: false });
  return images.map(({ image }) => (image as { key: string }).key);
}

const similarImages = (more: Partial<ConstructorParameters<typeof SimilarImages>[0]> = {}) =>
  new SimilarImages({ ...options, now, ...more });

describe('images like one', () => {
  beforeEach(async () => {
    await write('it.jpg', print([100, 10, 0, 0]));
    await write('far.jpg', print([0, 0, 100, 0]));
    await write('near.jpg', print([90, 30, 0, 0]));
    await write('a/b c%?.jpg', print([100, 11, 0, 0]), { tags: [] });
    await write('elsewhere.jpg', print([100, 10, 0, 0], 'made-4-def'));
    await write('longer.jpg', print([100, 10, 0, 0, 0]));
    await write('without.jpg', undefined);
    await write('bad.jpg', undefined, { tags: [], outcome: 'rejected', reason: 'corrupt' });
  });

  async function get(query: Record<string, string>) {
    const vocabulary = buildVocabulary([]);
    const routes = createRoutes(
      { ...options, vocabulary: async () => vocabulary, announce: async () => {} },
      new Logger({ logLevel: 'SILENT' }),
    );
    const rawQueryString = new URLSearchParams(query).toString();
    const { statusCode, body } = await routes({
      rawPath: '/images',
      rawQueryString,
      requestContext: { http: { method: 'GET' } },
    });
    return { status: statusCode, body: JSON.parse(body!) };
  }

  test('come the most alike first, of its space only, without itself', async () => {
    const { status, body } = await get({ like: 'photos/it.jpg', limit: '2' });
    expect(status).toBe(200);
    expect(body.images).toMatchObject([
      { image: { key: 'a/b c%?.jpg' }, outcome: 'empty', likeness: expect.closeTo(1, 3) },
      { image: { key: 'near.jpg' }, likeness: 0.9754 },
    ]);
    expect(body).toMatchObject({ compared: 3, otherSpaces: 2 });
    expect(body.images[0]).not.toHaveProperty('fingerprint');
  });

  test('are asked for by any key, and have their fingerprints on demand', async () => {
    const { body } = await get({ like: 'photos/a/b c%?.jpg', limit: '1', fingerprint: 'true' });
    expect(body.images).toMatchObject([{ image: { key: 'it.jpg' }, fingerprint: print([100, 10, 0, 0]) }]);
  });

  test.each([
    ['photos/none.jpg', 404, 'No record of none.jpg in photos'],
    [
      'photos/without.jpg',
      400,
      'without.jpg in photos has no embedding to compare: only variants of everyday make them',
    ],
    ['photos/bad.jpg', 400, 'bad.jpg in photos has no embedding to compare: it is rejected'],
    ['photos', 400, 'like: is no BUCKET/KEY'],
  ])('are refused of %s', async (like, status, detail) => {
    expect(await get({ like })).toMatchObject({ status, body: { detail } });
  });

  test.each(['q', 'outcome', 'cursor', 'explain'])('are not narrowed by %s', async (name) => {
    const value = { q: 'cat', outcome: 'tagged', cursor: 'x', explain: 'true' }[name]!;
    expect(await get({ like: 'photos/it.jpg', [name]: value })).toMatchObject({
      status: 400,
      body: { detail: 'like goes with limit and fingerprint only' },
    });
  });

  test('are no more found once they are removed, and others come in their place', async () => {
    const similar = similarImages();
    expect(await keysLike(similar, 'it.jpg', 2)).toEqual(['a/b c%?.jpg', 'near.jpg']);
    await remove('a/b c%?.jpg');
    expect(await keysLike(similar, 'it.jpg', 2)).toEqual(['near.jpg', 'far.jpg']);
    await remove('it.jpg');
    await expect(keysLike(similar, 'it.jpg')).rejects.toMatchObject({ code: 'not-found' });
  });

  test('are found where they lie now, once each, when they are tagged anew or named otherwise', async () => {
    const similar = similarImages();
    await keysLike(similar, 'it.jpg');
    time += MINUTE_MS;
    await write('far.jpg', print([100, 10, 0, 0]));
    await write('near.jpg', print([0, 0, 0, 100]));
    await write('a/b c%?.jpg', print([90, 30, 0, 0]), {
      tags: [tag('dog', 0.5)],
      taggedAt: '2026-01-02T03:04:05.000Z',
    });
    expect(await keysLike(similar, 'it.jpg')).toEqual(['far.jpg', 'a/b c%?.jpg', 'near.jpg']);
    await write('far.jpg', print([100, 10, 0, 0], 'made-4-def'));
    expect(await keysLike(similar, 'it.jpg')).toEqual(['a/b c%?.jpg', 'near.jpg']);
  });

  test('are found if they came since, also those of a clock or a worker that is minutes behind', async () => {
    const similar = similarImages();
    await keysLike(similar, 'it.jpg');
    time += MINUTE_MS;
    await keysLike(similar, 'it.jpg');
    await write('late.jpg', print([100, 10, 0, 0]), { taggedAt: '2026-01-02T03:01:00.000Z' });
    time += MINUTE_MS;
    expect(await keysLike(similar, 'it.jpg', 1)).toEqual(['late.jpg']);
  });

  test('are all read anew every hour, so that nothing stays unknown', async () => {
    const similar = similarImages();
    await keysLike(similar, 'it.jpg');
    await write('old.jpg', print([100, 10, 0, 0]), { taggedAt: '2025-01-01T00:00:00.000Z' });
    time += MINUTE_MS;
    expect(await keysLike(similar, 'it.jpg')).not.toContain('old.jpg');
    time += 60 * MINUTE_MS;
    expect(await keysLike(similar, 'it.jpg', 1)).toEqual(['old.jpg']);
  });
});

test('embeddings that take longer to read than a request may are read by several', async () => {
  await Promise.all(Array.from({ length: 60 }, (_, i) => write(`${i}.jpg`, print([100, i, 0, 0]), { tags: [] })));
  const similar = similarImages({ now: () => time++, firstReadMs: 3 });
  let refused = 0;
  let keys: string[] | undefined;
  while (!keys) {
    keys = await keysLike(similar, '0.jpg', 100).catch((error) => {
      expect(error).toBeInstanceOf(StillReadingError);
      refused++;
      return undefined;
    });
  }
  expect(refused).toBeGreaterThan(0);
  expect(keys).toHaveLength(59);
  expect(toProblem(new StillReadingError(7))).toMatchObject({
    statusCode: 503,
    headers: { 'retry-after': '1' },
    body: expect.stringContaining('those of 7 images so far'),
  });
});

test('whatever is written, tagged anew, removed and killed half way, the answer is that of the table', async () => {
  const KEYS = ['a', 'b', 'c', 'd', 'e'];
  const step = fc.record({
    key: fc.constantFrom(...KEYS),
    embedding: fc.option(fc.constantFrom([9, 1, 0, 0], [9, 2, 0, 0], [0, 1, 9, 0]), { freq: 3 }),
    isEmpty: fc.boolean(),
    // Writes that a worker lives for.
    lives: fc.option(fc.nat(4)),
    pauseMs: fc.constantFrom(0, 1000, 10 * MINUTE_MS),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      options = { client: dynamo.client, tableName: await dynamo.createTable() };
      store = new TagStore(options);
      const similar = similarImages();
      await write('it', print([10, 0, 0, 0]));
      for (const { key, embedding, isEmpty, lives, pauseMs } of steps) {
        time += pauseMs + 1;
        const into = lives === null ? store : storeThatDies(options, { afterWrites: lives });
        const tags = isEmpty ? [] : [tag('cat', 0.9)];
        const change = embedding ? write(key, print([...embedding]), { into, tags }) : remove(key, into);
        await change.catch((error) => expect(error).toMatchObject(KILLED));
        time += MINUTE_MS;
        const states = await store.readAll(KEYS.map((each) => ({ bucket: 'photos', key: each })));
        const there = states.filter(({ record: each }) => each).map(({ name }) => name.key);
        expect((await keysLike(similar, 'it')).toSorted()).toEqual(there);
      }
    }),
    { numRuns: 30 },
  );
}, 60_000);
