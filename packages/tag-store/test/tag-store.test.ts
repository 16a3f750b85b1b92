import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ImageRecord } from '@tagmill/core';
import { writeUnitsOf } from '../../../test/helpers/write-units.ts';
import { type ImageState, MAX_POSTINGS, TagStore } from '../src/index.ts';
import { record, tag } from './records.ts';
import { startDynamo, type TemporaryDynamo } from './temporary-table.ts';

const name = { bucket: 'photos', key: 'a b/ü+.jpg' };
const at = new Date('2026-01-02T03:04:05Z');
const dog = record(name.key, [tag('collie', 0.8, 'dog', 'animal')]);
const cat = record(name.key, [tag('tabby', 0.7, 'cat', 'animal')]);

let dynamo: TemporaryDynamo;
let tableName: string;
let store: TagStore;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.close());
beforeEach(async () => {
  tableName = await dynamo.createTable();
  store = new TagStore({ client: dynamo.client, tableName });
});

async function write(seen: ImageState, next: ImageRecord | undefined, sequencer?: string) {
  const claim = await store.claim(seen, {
    ...(sequencer && { sequencer }),
    tagging: next ?? { tags: [], broader: [] },
    at,
  });
  await store.putPostings(claim, at);
  await store.commit(claim, { ...(next && { record: next }), lastModified: at, at });
}

async function postings(alive = true) {
  const items = await dynamo.items(tableName);
  const found = items.filter(({ pk, dead }) => String(pk).startsWith('T#') && !dead === alive);
  return found.map(({ pk }) => String(pk).split('#')[1]).sort();
}

describe('a written image', () => {
  test('is read back as it was written, with one posting a tag and a parent', async () => {
    expect(await store.read(name)).toMatchObject({ status: 'absent', revision: 0 });
    await write(await store.read(name), dog, '0A');
    expect(await store.read(name)).toMatchObject({ status: 'done', sequencer: '0A', lastModified: at, record: dog });
    expect(await store.readRecord(name)).toEqual(dog);
    expect(await postings()).toEqual(['animal', 'collie', 'dog']);
  });

  test('loses the postings of its old tags when it is tagged anew', async () => {
    await write(await store.read(name), dog);
    await write(await store.read(name), cat);
    expect(await postings()).toEqual(['animal', 'cat', 'tabby']);
    expect(await postings(false)).toEqual(['animal', 'collie', 'dog']);
  });

  test('leaves nothing alive when it is removed, and tombstones that expire a day later', async () => {
    await write(await store.read(name), dog);
    await write(await store.read(name), undefined, '0B');
    expect(await store.readRecord(name)).toBeUndefined();
    expect(await postings()).toEqual([]);
    const items = (await dynamo.items(tableName)).filter(({ pk }) => pk !== 'V');
    expect(items).toHaveLength(4);
    for (const { expiresAt } of items) expect(expiresAt).toBe(at.getTime() / 1000 + 24 * 60 * 60);
  });

  test('lives on when it comes back after its removal', async () => {
    await write(await store.read(name), dog);
    await write(await store.read(name), undefined);
    await write(await store.read(name), dog);
    const items = await dynamo.items(tableName);
    expect(items.filter(({ expiresAt, dead }) => expiresAt || dead)).toEqual([]);
    expect(await store.readRecord(name)).toEqual(dog);
  });

  test('keeps the latest sequencer, whatever the order of the events', async () => {
    await write(await store.read(name), dog, '0055AED6DC');
    await write(await store.read(name), dog, '0055AED6');
    expect(await store.read(name)).toMatchObject({ sequencer: '0055AED6DC' });
  });
});

describe('a worker that lost its claim', () => {
  test('cannot claim once another has', async () => {
    const [first, second] = [await store.read(name), await store.read(name)];
    await store.claim(first, { tagging: dog, at });
    await expect(store.claim(second, { tagging: cat, at })).rejects.toMatchObject({
      code: 'conflict',
      retryable: true,
    });
  });

  test('cannot claim an image that was committed since it was read as pending', async () => {
    const claim = await store.claim(await store.read(name), { tagging: dog, at });
    const pending = await store.read(name);
    await store.putPostings(claim, at);
    await store.commit(claim, { record: dog, at });
    await expect(store.claim(pending, { tagging: cat, at })).rejects.toMatchObject({ code: 'conflict' });
  });

  test('cannot bring back a posting that is dead, nor kill one that is alive', async () => {
    const zombie = await store.claim(await store.read(name), { tagging: dog, at });
    await write(await store.read(name), cat);
    await expect(store.putPostings(zombie, at)).rejects.toMatchObject({ code: 'conflict' });
    expect(await postings()).toEqual(['animal', 'cat', 'tabby']);
  });

  test('cannot commit', async () => {
    const zombie = await store.claim(await store.read(name), { tagging: dog, at });
    await write(await store.read(name), cat);
    await expect(store.commit(zombie, { record: dog, at })).rejects.toMatchObject({ code: 'conflict' });
    expect(await store.readRecord(name)).toEqual(cat);
  });

  test('cannot claim what a later event confirmed', async () => {
    await write(await store.read(name), dog, '05');
    const seen = await store.read(name);
    await store.confirm(await store.read(name), { sequencer: '09', at });
    await expect(store.claim(seen, { tagging: cat, at })).rejects.toMatchObject({ code: 'conflict' });
    expect(await store.read(name)).toMatchObject({ status: 'done', sequencer: '09', record: dog });
  });

  test('cannot write a record without tags over one that it has not seen', async () => {
    const seen = await store.read(name);
    const claim = await store.claim(seen, { tagging: { tags: [], broader: [] }, at });
    await write(seen, dog);
    await expect(store.commit(claim, { at })).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('what an image costs', () => {
  const units = (work: () => Promise<void>) => writeUnitsOf(dynamo.client, work);

  test('is a claim, its postings, and a unit for each kilobyte of the record', async () => {
    await write(await store.read({ ...name, key: 'another.jpg' }), dog);
    expect(await units(async () => write(await store.read(name), dog, '0A'))).toBe(1 + 3 + 1);
  });

  test('is a unit more for each tag that no image had before', async () => {
    await write(await store.read(name), dog);
    expect(await units(async () => write(await store.read({ ...name, key: 'another.jpg' }), cat))).toBe(1 + 3 + 1 + 2);
    const elsewhere = new TagStore({ client: dynamo.client, tableName });
    const seen = await elsewhere.read({ ...name, key: 'third.jpg' });
    const claim = await elsewhere.claim(seen, { tagging: cat, at });
    expect(await units(() => elsewhere.putPostings(claim, at))).toBe(3);
  });

  test('has a ceiling, however many tags it has and however long its key is', async () => {
    const key = `${'k'.repeat(1000)}.jpg`;
    const tags = Array.from({ length: 50 }, (_, i) => tag(`an ordinary tag ${i}`, 0.5, `a broader tag ${i}`));
    const crowded = record(key, tags.slice(0, 5), {
      broader: tags.slice(0, 5).map(({ name }) => ({ name: `${name} b`, confidence: 0.5 })),
    });
    expect(await units(async () => write(await store.read({ ...name, key }), crowded, '0A'))).toBeLessThanOrEqual(
      1 + MAX_POSTINGS + 3 + MAX_POSTINGS,
    );
    const items = await dynamo.items(tableName);
    expect(items.filter(({ pk }) => pk !== 'V')).toHaveLength(1 + MAX_POSTINGS);
  });

  test('is one unit for the removal of an image that was never tagged', async () => {
    expect(await units(async () => write(await store.read(name), undefined, '0A'))).toBe(1);
  });
});

test('a table that is missing is an internal error, a server that is away can be tried again', async () => {
  const missing = new TagStore({ client: dynamo.client, tableName: 'none' });
  await expect(missing.read(name)).rejects.toMatchObject({ code: 'internal', retryable: false });
  const { documentClient } = await import('../src/index.ts');
  const client = documentClient({
    endpoint: 'http://127.0.0.1:9',
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  await expect(new TagStore({ client, tableName }).read(name)).rejects.toMatchObject({
    code: 'unavailable',
    retryable: true,
  });
});
