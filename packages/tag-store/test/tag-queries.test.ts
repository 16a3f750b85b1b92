import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ImageRecord } from '@tagmill/core';
import { fillTable } from '../../../test/helpers/stored-records.ts';
import { countFacets, type Page, readTagStatistics, TagQueries, TagStore } from '../src/index.ts';
import { KILLED, storeThatDies } from './dying-store.ts';
import { record, tag } from './records.ts';
import { startDynamo, type TemporaryDynamo } from './temporary-table.ts';

const at = new Date('2026-01-02T03:04:05Z');
let dynamo: TemporaryDynamo;
let store: TagStore;
let queries: TagQueries;
let options: { client: TemporaryDynamo['client']; tableName: string };
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.close());
beforeEach(async () => {
  options = { client: dynamo.client, tableName: await dynamo.createTable() };
  store = new TagStore(options);
  queries = new TagQueries(options);
});

async function write(next: ImageRecord, into = store) {
  const { bucket, key } = next.image as { bucket: string; key: string };
  await into.write(await into.read({ bucket, key }), { record: next, at });
}

async function remove(key: string) {
  await store.write(await store.read({ bucket: 'photos', key }), { at });
}

async function allPages(query: (cursor: string | undefined) => Promise<Page>): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor: string | undefined;
  do {
    const page = await query(cursor);
    pages.push(page.records.map(({ image }) => (image as { key: string }).key));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return pages;
}

describe('a question about variants', () => {
  const known = ['everyday/0.75-128', 'imagenet/0.75-192'];
  const asked = (expression: string) => new TagQueries({ ...options, variants: known }).find({ expression, limit: 9 });
  beforeEach(() => write(record('a.jpg', [tag('dog', 0.5)])));

  test.each([
    ['dog and variant:*', 1],
    ['dog and variant:IMAGENET/*', 0],
    // Which only images in the table have.
    ['dog and variant:everyday/0.5-128', 1],
    ['dog and not variant:everyday/0.5*', 0],
  ])('is answered if there are any: %s', async (expression, images) => {
    expect((await asked(expression)).records).toHaveLength(images);
  });

  test.each(['dog and variant:nonsense', 'not variant:everyday/9*', 'dog or (cat and variant:imagenet)'])(
    'is refused if there are none: %s',
    async (expression) => {
      await expect(asked(expression)).rejects.toMatchObject({
        code: 'invalid-argument',
        message: expect.stringMatching(
          /^Unknown variant .+; there are: everyday\/0.5-128, everyday\/0.75-128, imagenet\/0.75-192$/,
        ),
      });
    },
  );
});

describe('images by tag', () => {
  test('come most confident first, page after page, each once', async () => {
    const confidences = Array.from({ length: 23 }, (_, i) => ((i * 7) % 23) / 23);
    await Promise.all(confidences.map((confidence, i) => write(record(`${i}.jpg`, [tag('dog', confidence)]))));
    const pages = await allPages((cursor) => queries.find({ expression: 'dog', limit: 5, cursor }));
    expect(pages.map((page) => page.length)).toEqual([5, 5, 5, 5, 3]);
    const byConfidence = [...confidences.keys()].sort((a, b) => confidences[b]! - confidences[a]!);
    expect(pages.flat()).toEqual(byConfidence.map((i) => `${i}.jpg`));
  });

  test('that are equally confident keep one order, whatever the size of the page', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, i) => write(record(`${i}.jpg`, [tag('dog', 0.5)]))));
    const one = await allPages((cursor) => queries.find({ expression: 'dog', limit: 1, cursor }));
    const all = await allPages((cursor) => queries.find({ expression: 'dog', limit: 12, cursor }));
    expect(one.flat()).toEqual(all.flat());
    expect(all).toHaveLength(1);
  });

  test('are found by the parents of their tags and by broader tags, in any case', async () => {
    await write(record('a.jpg', [tag('collie', 0.9, 'dog')], { broader: [{ name: 'animal', confidence: 1 }] }));
    for (const name of ['collie', 'dog', 'animal', 'Collie', 'DOG']) {
      expect((await queries.find({ expression: name, limit: 10 })).records).toHaveLength(1);
    }
    expect((await queries.find({ expression: 'cat', limit: 10 })).records).toEqual([]);
  });

  test('leave out what a worker that was killed left behind', async () => {
    const name = { bucket: 'photos', key: 'a.jpg' };
    await write(record('a.jpg', [tag('dog', 0.9)]));
    const dying = storeThatDies(options, { afterWrites: 1 });
    const cat = { record: record('a.jpg', [tag('cat', 0.8)]), at };
    await expect(dying.write(await store.read(name), cat)).rejects.toMatchObject(KILLED);
    expect((await queries.find({ expression: 'dog', limit: 10 })).records).toEqual([]);
  });

  test('with a name that very many are below are the newest, or all of them where few of those have it', async () => {
    const write50 = (folder: string, taggedAt: string, ...parents: string[]) =>
      Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          write(record(`${folder}/${i}.jpg`, [tag(`${folder} ${i}`, 0.5 + i / 100, ...parents)], { taggedAt })),
        ),
      );
    await write50('a', '2026-01-01T00:00:00.000Z', 'animal');
    await write50('b', '2026-01-02T00:00:00.000Z');
    const bounded = new TagQueries({ ...options, maxExamined: 30 });
    const few = await bounded.find({ expression: 'animal', limit: 20 });
    expect(few.plan.accessPath).toMatch(/^tags, .* and 46 more$/);
    expect(few.records.map(({ tags }) => tags[0]!.name)).toEqual(Array.from({ length: 20 }, (_, i) => `a ${49 - i}`));
    const pages = await allPages((cursor) => bounded.find({ expression: 'animal', limit: 20, cursor }));
    expect(pages.flat().sort()).toEqual(Array.from({ length: 50 }, (_, i) => `a/${i}.jpg`).sort());
    const many = await queries.find({ expression: 'animal', limit: 5 });
    expect(many).toMatchObject({
      records: { length: 5 },
      plan: { accessPath: 'outcomes, newest first: tagged, empty' },
    });
  });

  test('fill a page although most postings are dead', async () => {
    for (let i = 0; i < 20; i++) await write(record(`${i}.jpg`, [tag('dog', 1 - i / 100)]));
    for (let i = 0; i < 15; i++) await write(record(`${i}.jpg`, [tag('cat', 0.5)]));
    const pages = await allPages((cursor) => queries.find({ expression: 'dog', limit: 3, cursor }));
    expect(pages).toEqual([
      ['15.jpg', '16.jpg', '17.jpg'],
      ['18.jpg', '19.jpg'],
    ]);
  });

  test('refuse a page of no size', async () => {
    for (const limit of [0, -1, 1.5, 101]) {
      await expect(queries.find({ expression: 'dog', limit })).rejects.toMatchObject({ code: 'invalid-argument' });
    }
  });

  test('come once each and in one order while others are tagged anew, removed and added', async () => {
    for (let i = 0; i < 12; i++) await write(record(`${i}.jpg`, [tag(i % 2 ? 'dog' : 'cat', 0.9 - i / 100)]));
    const seen: string[] = [];
    let cursor: string | undefined;
    let turn = 0;
    do {
      const page = await queries.find({ expression: 'dog or cat', limit: 2, cursor });
      seen.push(...page.records.map(({ image }) => (image as { key: string }).key));
      cursor = page.cursor;
      await write(record(`new-${turn}.jpg`, [tag('dog', turn / 10)]));
      await write(record('5.jpg', [tag('dog', turn % 2 ? 0.99 : 0.01)]));
      await remove('11.jpg');
      turn++;
    } while (cursor !== undefined);
    const untouched = seen.filter((key) => !key.startsWith('new') && key !== '5.jpg' && key !== '11.jpg');
    expect(untouched).toEqual([0, 1, 2, 3, 4, 6, 7, 8, 9, 10].map((i) => `${i}.jpg`));
  });

  test('are looked at up to a bound: then a page is short, and its cursor goes on', async () => {
    const tags = (i: number) => [tag('dog', 1 - i / 100), ...(i % 7 ? [tag('cat', 0.1)] : [])];
    await Promise.all(Array.from({ length: 20 }, (_, i) => write(record(`${i}.jpg`, tags(i)))));
    const bounded = new TagQueries({ ...options, maxExamined: 5 });
    const pages = await allPages((cursor) => bounded.find({ expression: 'dog and not cat', limit: 3, cursor }));
    expect(pages).toEqual([['0.jpg'], ['7.jpg'], ['14.jpg'], []]);
  });

  test('take a request for the names below, one for the postings and one for the records, whether few or most are answers', async () => {
    const { image } = record('any', []);
    const dogs = Array.from({ length: 160 }, (_, i) => {
      const takenAt = i % 20 ? '2025-01-01T00:00:00' : '2026-03-04T00:00:00';
      return record('any', [tag('dog', 1 - i / 200)], {
        image: { ...image, key: `${i}.jpg`, takenAt } as typeof image,
      });
    });
    await fillTable(options, dogs);
    const sent: { Items?: unknown[] }[] = [];
    const send = async (command: Parameters<typeof dynamo.client.send>[0]) => {
      const answer = await dynamo.client.send(command);
      sent.push(answer as { Items?: unknown[] });
      return answer;
    };
    const client = { send } as unknown as TemporaryDynamo['client'];
    const counted = new TagQueries({ ...options, client, names: ['dog', 'cat'], maxExamined: 100 });
    await counted.find({ expression: 'dog', limit: 1 });
    const ask = async (expression: string) => {
      sent.length = 0;
      const { records, plan } = await counted.find({ expression, limit: 10 });
      const entries = sent.reduce((sum, { Items = [] }) => sum + Items.length, 0);
      return { records: records.length, examined: plan.examined, requests: sent.length, entries };
    };
    expect(await ask('dog and taken:2026-03')).toMatchObject({ records: 5, examined: 100, requests: 3 });
    const { entries, ...most } = await ask('dog and not cat and confidence>0.1');
    expect(most).toEqual({ records: 10, examined: 10, requests: 3 });
    expect(entries).toBeLessThanOrEqual(40);
  }, 30_000);

  test('are led to by the rarer tag, and cost what they say', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, i) => write(record(`${i}.jpg`, [tag('dog', 0.9)]))));
    for (let i = 0; i < 3; i++) await write(record(`both-${i}.jpg`, [tag('dog', 0.9), tag('cat', 0.5)]));
    const { records, plan } = await queries.find({ expression: 'dog and cat', limit: 50 });
    expect(records).toHaveLength(3);
    expect(plan).toMatchObject({ accessPath: 'tags, most confident first: cat', examined: 3 });
    expect(plan.considered.map(({ accessPath }) => accessPath.split(': ')[1])).toEqual(['dog', 'cat']);
    // Two looks for each name and those below it, two counts, a query, three records of at most 1 kB: half a unit each, also where
    // nothing is found; a unit to count the dogs.
    expect(plan.readUnits).toBeGreaterThan(0);
    expect(plan.readUnits).toBeLessThanOrEqual(0.5 * (4 + 3 + 1 + 3));
  });
});

describe('a cursor', () => {
  const ask = (more: Partial<Parameters<TagQueries['find']>[0]> = {}) =>
    queries.find({ expression: 'dog', limit: 1, ...more });
  const refused = { code: 'invalid-argument', message: expect.stringMatching(/cursor/) };
  let cursor: string;
  beforeEach(async () => {
    for (const key of ['a.jpg', 'b.jpg', 'c.jpg']) await write(record(key, [tag('dog', 0.9)]));
    cursor = (await ask()).cursor!;
  });

  test('is taken by any other process on the same table, and by none on another', async () => {
    const other = new TagQueries(options);
    expect((await other.find({ expression: ' dog ', limit: 1, cursor })).records).toHaveLength(1);
    const elsewhere = new TagQueries({ ...options, tableName: await dynamo.createTable() });
    await expect(elsewhere.find({ expression: 'dog', limit: 1, cursor })).rejects.toMatchObject(refused);
  });

  test('belongs to its question', async () => {
    await expect(ask({ expression: 'cat', cursor })).rejects.toMatchObject(refused);
    await expect(ask({ outcome: 'tagged', cursor })).rejects.toMatchObject(refused);
  });

  test('is refused when any of it was changed', async () => {
    const bytes = Buffer.from(cursor, 'base64url');
    for (const at of bytes.keys()) {
      const forged = Buffer.from(bytes);
      forged[at]! ^= 1;
      await expect(ask({ cursor: forged.toString('base64url') })).rejects.toMatchObject(refused);
    }
    for (const forged of ['', 'nonsense', cursor.slice(0, -4), `${cursor}AAAA`]) {
      await expect(ask({ cursor: forged })).rejects.toMatchObject(refused);
    }
  });

  test('is made with one key, whoever comes first', async () => {
    const tableName = await dynamo.createTable();
    const empty = { ...options, tableName };
    await write(record('a.jpg', [tag('dog', 0.9)]), new TagStore(empty));
    await write(record('b.jpg', [tag('dog', 0.9)]), new TagStore(empty));
    const pages = await Promise.all(
      Array.from({ length: 5 }, () => new TagQueries(empty).find({ expression: 'dog', limit: 1 })),
    );
    expect(new Set(pages.map((page) => page.cursor)).size).toBe(1);
  });
});

describe('images by outcome', () => {
  const taggedAt = (i: number) => new Date(at.getTime() + i * 1000).toISOString();

  test('come newest first, page after page, over one or several outcomes', async () => {
    for (let i = 0; i < 9; i++)
      await write(record(`${i}.jpg`, i % 3 === 0 ? [] : [tag('dog', 0.9)], { taggedAt: taggedAt(i) }));
    const keysOf = (expression?: string) => allPages((cursor) => queries.find({ expression, limit: 2, cursor }));
    expect(await keysOf('outcome:empty')).toEqual([['6.jpg', '3.jpg'], ['0.jpg']]);
    expect((await keysOf('outcome:tagged or outcome:empty')).flat()).toEqual(
      [8, 7, 6, 5, 4, 3, 2, 1, 0].map((i) => `${i}.jpg`),
    );
  });

  test('forget the outcome that an image had before', async () => {
    await write(record('a.jpg', [], { outcome: 'failed', reason: 'gave-up' }));
    await write(record('a.jpg', [tag('dog', 0.9)]));
    expect((await queries.find({ outcome: 'failed', limit: 10 })).records).toEqual([]);
    expect((await queries.find({ outcome: 'tagged', limit: 10 })).records).toHaveLength(1);
  });
});

test('tags are counted by the images that are found by them, in any case, those with most first', async () => {
  expect((await countFacets(options)).tags).toEqual([]);
  await write(record('a.jpg', [tag('collie', 0.9, 'dog')], { broader: [{ name: 'animal', confidence: 1 }] }));
  await write(record('b.jpg', [tag('Dog', 0.9, 'animal')]));
  await write(record('c.jpg', [tag('cat', 0.9)]));
  await write(record('c.jpg', [tag('cat', 0.8)]));
  await remove('b.jpg');
  await write(record('b.jpg', [tag('dog', 0.9)]));
  expect((await countFacets(options)).tags).toEqual([
    { name: 'dog', count: 2 },
    { name: 'animal', count: 1 },
    { name: 'cat', count: 1 },
    { name: 'collie', count: 1 },
  ]);
});

test('statistics count what is in the table, once however often it was written', async () => {
  expect(await readTagStatistics(options)).toEqual({
    images: 0,
    byOutcome: { tagged: 0, empty: 0, rejected: 0, failed: 0 },
    byVariant: {},
    budget: { met: 0, missed: 0 },
  });
  for (let i = 1; i <= 10; i++) {
    const timings = { fetchMs: 1, decodeMs: 1, inferMs: 1, storeMs: 1, totalMs: i };
    const next = record(`${i}.jpg`, [tag('dog', 0.9)], { timings, budget: { latencyMs: 8, met: i <= 8 } });
    await write(next);
    await write(next);
  }
  const { model, timings, budget, ...rejected } = record('bad.jpg', [], { outcome: 'rejected', reason: 'corrupt' });
  await write(rejected);
  expect(await readTagStatistics(options)).toEqual({
    images: 11,
    byOutcome: { tagged: 10, empty: 0, rejected: 1, failed: 0 },
    byVariant: { 'everyday/0.5-128': 10 },
    latencyMs: { p50: 5, p90: 9, p99: 10, max: 10 },
    budget: { met: 8, missed: 2 },
  });
});
