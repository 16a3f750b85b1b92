import { Logger } from '@aws-lambda-powertools/logger';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ImageRecord } from '@tagmill/core';
import { type ObjectName, TagStore, type TagStoreOptions } from '@tagmill/tag-store';
import { record, tag } from '../../../packages/tag-store/test/records.ts';
import { startDynamo, type TemporaryDynamo } from '../../../packages/tag-store/test/temporary-table.ts';
import { createRoutes } from '../src/routes.ts';
import { TagList } from '../src/tag-list.ts';
import { buildVocabulary, type Vocabulary } from '../src/vocabulary.ts';

const KEY = 'a b/../ü+%?#//.jpg';
const FINGERPRINT = { hash: '00112233445566ff', sharpness: 12.5, space: 'test-4-abc', embedding: 'AQL+gQ==' };
let dynamo: TemporaryDynamo;
let options: TagStoreOptions;
let routes: ReturnType<typeof createRoutes>;
let announced: ObjectName[];
let vocabulary: Vocabulary;
const label = (index: number, name: string, synonyms: string[], ...parents: string[]) => ({
  index,
  name,
  synonyms,
  parents,
});
const LABELS = [label(0, 'collie', ['sheepdog'], 'dog', 'animal'), label(1, 'tabby cat', [], 'cat', 'animal')];
const logger = new Logger({ logLevel: 'SILENT' });

beforeAll(async () => {
  dynamo = await startDynamo();
  options = { client: dynamo.client, tableName: await dynamo.createTable() };
  announced = [];
  vocabulary = buildVocabulary(LABELS, { rules: { tags: { dog: { synonyms: ['hound'] } } }, version: undefined });
  const announce = async (image: ObjectName) => void announced.push(image);
  routes = createRoutes({ ...options, vocabulary: async () => vocabulary, announce }, logger);
  const store = new TagStore(options);
  const at = new Date('2026-01-02T03:04:05Z');
  const write = async (next: ImageRecord) => {
    const { bucket, key } = next.image as { bucket: string; key: string };
    const fingerprint = key === KEY ? FINGERPRINT : undefined;
    await store.write(await store.read({ bucket, key }), { record: next, fingerprint, at });
  };
  await write(record(KEY, [tag('tabby cat', 0.9, 'cat')]));
  for (let i = 0; i < 5; i++)
    await write(record(`${i}.jpg`, [tag('collie', i / 10, 'dog')], { taggedAt: `2026-02-0${i + 1}T00:00:00.000Z` }));
  await write(record('bad.jpg', [], { outcome: 'rejected', reason: 'corrupt' }));
});
afterAll(() => dynamo.close());

async function get(rawPath: string, query: Record<string, string> | string = '', method = 'GET') {
  const rawQueryString = typeof query === 'string' ? query : new URLSearchParams(query).toString();
  const { statusCode, headers, body } = await routes({ rawPath, rawQueryString, requestContext: { http: { method } } });
  return { status: statusCode, type: headers!['content-type'], headers, body: JSON.parse(body!) };
}

const keys = ({ body }: Awaited<ReturnType<typeof get>>) =>
  body.images.map((each: { image: { key: string } }) => each.image.key);

describe('a record', () => {
  test('has its fingerprint if that is asked for', async () => {
    const asked = await get('/images', { q: 'cat', fingerprint: 'true' });
    expect(asked.body.images).toEqual([expect.objectContaining({ fingerprint: FINGERPRINT })]);
    expect((await get('/images', { q: 'cat' })).body.images[0]).not.toHaveProperty('fingerprint');
    const { body } = await get('/images', { q: 'dog', fingerprint: 'true', limit: '1' });
    expect(body.images[0]).not.toHaveProperty('fingerprint');
  });

  test('is found by its path, each segment percent-encoded', async () => {
    const path = KEY.split('/').map(encodeURIComponent).join('/');
    expect(await get(`/images/photos/${path}`)).toMatchObject({
      status: 200,
      type: 'application/json',
      body: { image: { key: KEY } },
    });
    expect(await get(`/images/photos/${encodeURIComponent(KEY)}`)).toMatchObject({ status: 200 });
  });

  test('is found by its name in a query string, where a path would be normalized', async () => {
    expect(await get('/image', { bucket: 'photos', key: KEY })).toMatchObject({
      status: 200,
      body: { image: { key: KEY } },
    });
  });

  test('that is not there is a problem document', async () => {
    expect(await get('/images/photos/none.jpg')).toMatchObject({
      status: 404,
      type: 'application/problem+json',
      body: { type: 'about:blank', title: 'Not Found', status: 404, detail: 'No record of none.jpg in photos' },
    });
  });
});

describe('images', () => {
  test('with a tag come most confident first, page after page', async () => {
    const first = await get('/images', { q: 'dog', limit: '3' });
    expect(keys(first)).toEqual(['4.jpg', '3.jpg', '2.jpg']);
    const second = await get('/images', { q: 'dog', limit: '3', cursor: first.body.cursor });
    expect(keys(second)).toEqual(['1.jpg', '0.jpg']);
    expect(second.body.cursor).toBeUndefined();
  });

  test('are asked for by a name in quotes, and by a word in any case', async () => {
    expect(keys(await get('/images', { q: '"tabby cat"' }))).toEqual([KEY]);
    expect(keys(await get('/images', { q: ' Cat ' }))).toEqual([KEY]);
  });

  test('are described by an expression, whether or not it has a tag in it', async () => {
    expect(keys(await get('/images', { q: 'hound and confidence>=0.3 and not cat' }))).toEqual(['4.jpg', '3.jpg']);
    expect(keys(await get('/images', { q: 'not dog' })).sort()).toEqual([KEY, 'bad.jpg']);
    // Clients of before still say so.
    expect(keys(await get('/images', { q: 'not dog', scan: 'true' })).sort()).toEqual([KEY, 'bad.jpg']);
    expect(keys(await get('/images', { q: 'hound confidence>=0.3 -cat' }))).toEqual(['4.jpg', '3.jpg']);
    expect(keys(await get('/images', { q: 'tabby cat' }))).toEqual([KEY]);
    expect(keys(await get('/images', { q: 'bad' }))).toEqual(['bad.jpg']);
    expect(keys(await get('/images', { q: 'variant:everyday/*', outcome: 'rejected' }))).toEqual(['bad.jpg']);
  });

  test('come with the names that no tag has, on the first page', async () => {
    const first = await get('/images', { q: 'dog and not tabbies or sheepdogs', limit: '1' });
    expect(first.body.unknownNames).toEqual([
      { name: 'tabbies', similar: [] },
      { name: 'sheepdogs', similar: ['sheepdog'] },
    ]);
    const second = await get('/images', {
      q: 'dog and not tabbies or sheepdogs',
      limit: '1',
      cursor: first.body.cursor,
    });
    expect(second.body.unknownNames).toBeUndefined();
    expect((await get('/images', { q: 'hound and not collie' })).body.unknownNames).toBeUndefined();
  });

  test('say, if asked, how they were found', async () => {
    const { body } = await get('/images', { q: 'dog and tagged:2026-02-01', explain: 'true' });
    expect(body.plan).toEqual({
      accessPath: 'outcomes, newest first: tagged, empty, rejected, failed, tagged from 2026-02-01 to 2026-02-01…',
      considered: expect.any(Array),
      examined: 1,
      readUnits: expect.any(Number),
    });
    expect((await get('/images', { q: 'dog' })).body.plan).toBeUndefined();
  });

  test('come newest first without a question, and by their outcome', async () => {
    expect(keys(await get('/images', { limit: '2' }))).toEqual(['4.jpg', '3.jpg']);
    expect(keys(await get('/images', { outcome: 'rejected' }))).toEqual(['bad.jpg']);
    expect(keys(await get('/images', { outcome: 'failed' }))).toEqual([]);
  });
});

describe('tags', () => {
  test('come with the numbers of their images, most first', async () => {
    expect((await get('/tags')).body).toEqual({
      tags: [
        { name: 'collie', count: 5 },
        { name: 'dog', count: 5 },
        { name: 'cat', count: 1 },
        { name: 'tabby cat', count: 1 },
      ],
      countedAt: expect.any(String),
    });
    expect((await get('/tags', { limit: '1' })).body.tags).toHaveLength(1);
  });

  test.each([
    ['Col', ['collie']],
    ['hou', ['dog']],
    ['z', []],
  ])('are completed from how they, or a synonym, begin: %s', async (prefix, names) => {
    const { body } = await get('/tags', { prefix });
    expect(body.tags.map(({ name }: { name: string }) => name)).toEqual(names);
  });

  test('that no image has are listed after the others, if asked for', async () => {
    expect((await get('/tags', { prefix: 'a', all: 'true' })).body.tags).toEqual([{ name: 'animal', count: 0 }]);
    expect((await get('/tags', { prefix: 'a' })).body.tags).toEqual([]);
  });

  test('are counted once for all who ask meanwhile, and again after twenty times as long as that took', async () => {
    let now = 0;
    const list = new TagList(options, () => now);
    const pages = [list.page({ limit: 10 }), list.page({ limit: 10 })];
    now = 1000;
    expect(new Set((await Promise.all(pages)).map(({ countedAt }) => countedAt))).toEqual(
      new Set([new Date(0).toISOString()]),
    );
    now = 20_999;
    expect((await list.page({ limit: 10 })).countedAt).toBe(new Date(0).toISOString());
    now = 21_000;
    expect((await list.page({ limit: 10 })).countedAt).toBe(new Date(21_000).toISOString());
  });

  test('are counted again after a count that failed', async () => {
    const broken = { ...options, tableName: 'none' };
    const list = new TagList(broken);
    await expect(list.page({ limit: 10 })).rejects.toMatchObject({ code: 'internal' });
    broken.tableName = options.tableName;
    expect((await list.page({ limit: 10 })).tags).toHaveLength(4);
  });
});

describe('places and times', () => {
  beforeAll(async () => {
    const store = new TagStore(options);
    const places: [string, string?][] = [
      ['2009/Rome/a.jpg', '2009-06-01T10:00:00'],
      ['2009/Rome/b.jpg', '2009-06-30T10:00:00'],
      ['2009/c.jpg', '2010-01-01T00:00:00'],
    ];
    for (const [key, takenAt] of places) {
      const name = { bucket: 'photos', key };
      const next = record(key, [], { taggedAt: '2026-01-01T00:00:00.000Z' });
      await store.write(await store.read(name), {
        record: { ...next, image: { ...next.image, takenAt: takenAt! } },
        at: new Date(),
      });
    }
  });
  afterAll(async () => {
    const store = new TagStore(options);
    for (const key of ['2009/Rome/a.jpg', '2009/Rome/b.jpg', '2009/c.jpg']) {
      await store.write(await store.read({ bucket: 'photos', key }), { at: new Date() });
    }
  });

  test('months that photos were taken in come the latest first', async () => {
    const list = new TagList(options);
    expect((await list.months()).months).toEqual([
      { month: '2010-01', count: 1 },
      { month: '2009-06', count: 2 },
    ]);
  });

  test('folders come with the numbers of what is in them and below, a level at a time', async () => {
    const list = new TagList(options);
    const folders = async (prefix?: string) =>
      (await list.folders({ prefix })).folders.filter(({ folder }) => folder.startsWith('2009'));
    expect(await folders()).toEqual([{ folder: '2009', count: 3 }]);
    expect(await folders('2009')).toEqual([{ folder: '2009/Rome', count: 2 }]);
    expect(await folders('2009/Rome/')).toEqual([]);
  });
});

test('statistics count outcomes, variants and budgets', async () => {
  expect(await get('/stats')).toMatchObject({
    status: 200,
    body: {
      images: 7,
      byOutcome: { tagged: 6, empty: 0, rejected: 1, failed: 0 },
      byVariant: { 'everyday/0.5-128': 7 },
      latencyMs: { p50: 10 },
      budget: { met: 7, missed: 0 },
    },
  });
});

describe('a correction', () => {
  const correct = async (said: object | string, path = '/images/photos/3.jpg') => {
    const body = Buffer.from(typeof said === 'string' ? said : JSON.stringify(said)).toString('base64');
    const request = { rawPath: path, rawQueryString: '', body, isBase64Encoded: true };
    const answer = await routes({ ...request, requestContext: { http: { method: 'POST' } } });
    return { status: answer.statusCode, body: JSON.parse(answer.body!) };
  };

  test('is answered by the record, and found by whoever asks from then on', async () => {
    const { status, body } = await correct({ add: ['Tabby Cat', 'party hat'], remove: ['sheepdog'] });
    expect({ status, tags: body.tags, removed: body.removed }).toEqual({
      status: 200,
      tags: [
        { name: 'tabby cat', confidence: 1, parents: ['cat', 'animal'], by: 'person' },
        { name: 'party hat', confidence: 1, parents: [], by: 'person' },
      ],
      removed: ['collie'],
    });
    expect(await get('/images/photos/3.jpg')).toMatchObject({ body });
    expect(keys(await get('/images', { q: 'dog' }))).toEqual(['4.jpg', '2.jpg', '1.jpg', '0.jpg']);
    expect(keys(await get('/images', { q: '"party hat" and cat' }))).toEqual(['3.jpg']);
  });

  test('is looked after by someone else, in case it is not finished', () => {
    expect(announced).toEqual([{ bucket: 'photos', key: '3.jpg' }]);
  });

  test('is withdrawn, and the model’s word counts again', async () => {
    const { body } = await correct({ forget: ['tabby cat', 'party hat', 'collie'] });
    expect(body.tags).toEqual([tag('collie', 0.3, 'dog')]);
    expect(body.removed).toBeUndefined();
    expect(keys(await get('/images', { q: 'dog' }))).toEqual(['4.jpg', '3.jpg', '2.jpg', '1.jpg', '0.jpg']);
  });

  test.each([
    ['{', 400, /not JSON/],
    ['{}', 400, /says nothing/],
    [{ add: ['a'], remove: ['A'] }, 400, /a is named twice/],
    [{ add: ['sheepdog', 'collie'] }, 400, /collie is named twice/],
    [{ add: [' a'] }, 400, /add: 0: is no name/],
    [{ add: ['a\u0000b'] }, 400, /is no name/],
    [{ delete: ['a'] }, 400, /delete/],
    [{ add: ['collie'], remove: ['dog'] }, 400, /collie can't be on it if what is above it isn't/],
    [{ add: Array.from({ length: 11 }, (_, i) => `tag ${i}`) }, 400, /add/],
  ])('that makes no sense is refused: %j', async (said, status, detail) => {
    const answer = await correct(said);
    expect(answer).toMatchObject({ status, body: { detail: expect.stringMatching(detail) } });
  });

  test('of an image that has no record, or none to correct, is refused', async () => {
    expect(await correct({ add: ['a'] }, '/images/photos/none.jpg')).toMatchObject({ status: 404 });
    const { status, body } = await correct({ add: ['a'] }, '/images/photos/bad.jpg');
    expect([status, body.detail]).toEqual([400, 'bad.jpg is rejected: only what was tagged can be corrected']);
  });
});

describe('a request that cannot be answered', () => {
  test.each([
    ['/images', 'limit=0', /limit/],
    ['/images', 'limit=101', /limit/],
    ['/images', 'limit=soon', /limit/],
    ['/images', 'outcome=great', /outcome.*"tagged"\|"empty"\|"rejected"\|"failed"/],
    ['/images', 'cursor=nonsense', /cursor/],
    ['/images', 'q=dog+and+(', /^column 10: expected a name/],
    ['/images', `q=${'a'.repeat(2001)}`, /q/],
    ['/images', 'scan=yes', /scan/],
    ['/images', 'q=dog&cursor=nonsense', /cursor/],
    ['/tags', 'limit=0', /limit/],
    ['/tags', 'prefx=a', /prefx/],
    ['/images', 'q=', /q/],
    ['/images', 'Q=dog', /Q/],
    ['/images', 'limit=1&limit=2', /limit: given more than once/],
    ['/image', 'bucket=photos', /key/],
    ['/stats', 'by=day', /by/],
    ['/images/photos/%E0%A4%A', '', /encoded/],
  ])('%s?%s is a 400 that says what is wrong', async (path, query, detail) => {
    const answer = await get(path, query);
    expect(answer).toMatchObject({ status: 400, type: 'application/problem+json', body: { status: 400 } });
    expect(answer.body.detail).toMatch(detail);
  });

  test.each(['/', '/nothing', '/images/', '/images/photos', '/images/photos/'])('%s is a 404', async (path) => {
    expect(await get(path)).toMatchObject({ status: 404, type: 'application/problem+json' });
  });

  test('of another method is a 405 that says which are allowed', async () => {
    expect(await get('/images', '', 'POST')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
    expect(await get('/image', '', 'PUT')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD, POST' } });
  });

  test('because of a fault inside is a 500 that says nothing of it', async () => {
    const broken = createRoutes(
      { client: dynamo.client, tableName: 'none', vocabulary: async () => vocabulary, announce: async () => {} },
      logger,
    );
    const { statusCode, body } = await broken({
      rawPath: '/stats',
      rawQueryString: '',
      requestContext: { http: { method: 'GET' } },
    });
    expect(statusCode).toBe(500);
    expect(JSON.parse(body!)).toEqual({ type: 'about:blank', title: 'Internal Server Error', status: 500 });
  });
});
