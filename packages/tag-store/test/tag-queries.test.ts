import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ImageRecord } from '@tagmill/core';
import { type Page, TagQueries, TagStore, tagStatistics } from '../src/index.ts';
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

async function write(next: ImageRecord) {
  const { bucket, key } = next.image as { bucket: string; key: string };
  const claim = await store.claim(await store.read({ bucket, key }), { tagging: next, at });
  await store.putPostings(claim, at);
  await store.commit(claim, { record: next, at });
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

describe('images by tag', () => {
  test('come most confident first across shards, page after page, each once', async () => {
    const confidences = Array.from({ length: 23 }, (_, i) => ((i * 7) % 23) / 23);
    await Promise.all(confidences.map((confidence, i) => write(record(`${i}.jpg`, [tag('dog', confidence)]))));
    const pages = await allPages((cursor) => queries.imagesByTag({ tag: 'dog', limit: 5, cursor }));
    expect(pages.map((page) => page.length)).toEqual([5, 5, 5, 5, 3]);
    const byConfidence = [...confidences.keys()].sort((a, b) => confidences[b]! - confidences[a]!);
    expect(pages.flat()).toEqual(byConfidence.map((i) => `${i}.jpg`));
  });

  test('that are equally confident keep one order, whatever the size of the page', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, i) => write(record(`${i}.jpg`, [tag('dog', 0.5)]))));
    const one = await allPages((cursor) => queries.imagesByTag({ tag: 'dog', limit: 1, cursor }));
    const all = await allPages((cursor) => queries.imagesByTag({ tag: 'dog', limit: 12, cursor }));
    expect(one.flat()).toEqual(all.flat());
    expect(all).toHaveLength(1);
  });

  test('are found by the parents of their tags and by broader tags, in any case', async () => {
    await write(record('a.jpg', [tag('collie', 0.9, 'dog')], { broader: [{ name: 'animal', confidence: 1 }] }));
    for (const name of ['collie', 'dog', 'animal', 'Collie', 'DOG']) {
      expect((await queries.imagesByTag({ tag: name, limit: 10 })).records).toHaveLength(1);
    }
    expect(await queries.imagesByTag({ tag: 'cat', limit: 10 })).toEqual({ records: [] });
  });

  test('leave out the leftovers of a worker that was killed before its commit', async () => {
    const name = { bucket: 'photos', key: 'a.jpg' };
    await write(record('a.jpg', [tag('dog', 0.9)]));
    const claim = await store.claim(await store.read(name), { tagging: record('a.jpg', [tag('cat', 0.8)]), at });
    await store.putPostings(claim, at);
    expect((await queries.imagesByTag({ tag: 'cat', limit: 10 })).records).toEqual([]);
  });

  test('fill a page although most postings are dead', async () => {
    for (let i = 0; i < 20; i++) await write(record(`${i}.jpg`, [tag('dog', 1 - i / 100)]));
    for (let i = 0; i < 15; i++) await write(record(`${i}.jpg`, [tag('cat', 0.5)]));
    const pages = await allPages((cursor) => queries.imagesByTag({ tag: 'dog', limit: 3, cursor }));
    expect(pages).toEqual([
      ['15.jpg', '16.jpg', '17.jpg'],
      ['18.jpg', '19.jpg'],
    ]);
  });

  test('refuse a cursor of another listing and a page of no size', async () => {
    await write(record('a.jpg', [tag('dog', 0.9)]));
    await write(record('b.jpg', [tag('dog', 0.9)]));
    const { cursor } = await queries.imagesByOutcome({ outcomes: ['tagged'], limit: 1 });
    await expect(queries.imagesByTag({ tag: 'dog', limit: 1, cursor })).rejects.toMatchObject({
      code: 'invalid-argument',
    });
    for (const limit of [0, -1, 1.5, 101]) {
      await expect(queries.imagesByTag({ tag: 'dog', limit })).rejects.toMatchObject({ code: 'invalid-argument' });
    }
  });
});

describe('images by outcome', () => {
  const taggedAt = (i: number) => new Date(at.getTime() + i * 1000).toISOString();

  test('come newest first, page after page, over one or several outcomes', async () => {
    for (let i = 0; i < 9; i++)
      await write(record(`${i}.jpg`, i % 3 === 0 ? [] : [tag('dog', 0.9)], { taggedAt: taggedAt(i) }));
    const keysOf = (outcomes: ('tagged' | 'empty')[]) =>
      allPages((cursor) => queries.imagesByOutcome({ outcomes, limit: 2, cursor }));
    expect(await keysOf(['empty'])).toEqual([['6.jpg', '3.jpg'], ['0.jpg']]);
    expect((await keysOf(['tagged', 'empty'])).flat()).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0].map((i) => `${i}.jpg`));
  });

  test('forget the outcome that an image had before', async () => {
    await write(record('a.jpg', [], { outcome: 'failed', reason: 'gave-up' }));
    await write(record('a.jpg', [tag('dog', 0.9)]));
    expect((await queries.imagesByOutcome({ outcomes: ['failed'], limit: 10 })).records).toEqual([]);
    expect((await queries.imagesByOutcome({ outcomes: ['tagged'], limit: 10 })).records).toHaveLength(1);
  });
});

test('statistics count what is in the table, once however often it was written', async () => {
  expect(await tagStatistics(options)).toEqual({
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
  expect(await tagStatistics(options)).toEqual({
    images: 11,
    byOutcome: { tagged: 10, empty: 0, rejected: 1, failed: 0 },
    byVariant: { 'everyday/0.5-128': 10 },
    latencyMs: { p50: 5, p90: 9, p99: 10, max: 10 },
    budget: { met: 8, missed: 2 },
  });
});
