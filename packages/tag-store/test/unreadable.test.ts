import { deflateRawSync } from 'node:zlib';
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { TagmillError } from '@tagmill/core';
import { packContent, unpackContent } from '../src/content.ts';
import {
  correctImage,
  countFacets,
  imageId,
  readRecordedImages,
  readTagStatistics,
  scanImages,
  TagQueries,
  TagStore,
  type UnreadableItem,
} from '../src/index.ts';
import { recordKey } from '../src/keys.ts';
import { record, tag } from './records.ts';
import { startDynamo, type TemporaryDynamo } from './temporary-table.ts';

const at = new Date('2026-01-02T03:04:05Z');
const damaged = { bucket: 'photos', key: 'damaged.jpg' };
const id = imageId(damaged);
let dynamo: TemporaryDynamo;
let store: TagStore;
let table: { client: TemporaryDynamo['client']; tableName: string };
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.close());
beforeEach(async () => {
  table = { client: dynamo.client, tableName: await dynamo.createTable() };
  store = new TagStore(table);
  for (const key of ['sound.jpg', damaged.key, 'other.jpg']) {
    await store.write(await store.read({ bucket: 'photos', key }), { record: record(key, [tag('dog', 0.8)]), at });
  }
});

const other = record('other.jpg', [tag('dog', 0.8)]);

/** As content of version 1 is packed, but for the dictionary, which it needs not. */
function firstVersion(text: string): Uint8Array {
  return Buffer.concat([Buffer.of(1), deflateRawSync(text)]);
}

/** What can become of an item's attributes. */
const DAMAGES: [string, Record<string, unknown>][] = [
  ['bytes that are no deflated text', { content: Buffer.from('01ffffff', 'hex') }],
  ['a version that is not known', { content: Buffer.from('ff010203', 'hex') }],
  ['text in place of bytes', { content: 'dog' }],
  ['JSON of another kind', { content: firstVersion('{"record":{"image":{}}}\0') }],
  ['the content of another image', { content: packContent({ record: other, live: [] }) }],
  ['facts that are no JSON', { facts: '{' }],
  ['no number for a revision', { rev: 'seven' }],
  ['nothing readable at all', { content: Buffer.of(1), facts: 7, rev: 'seven' }],
];

function damage(attributes: Record<string, unknown>) {
  const names = Object.keys(attributes);
  return table.client.send(
    new UpdateCommand({
      TableName: table.tableName,
      Key: recordKey(id),
      UpdateExpression: `SET ${names.map((_, i) => `#${i} = :${i}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(names.map((name, i) => [`#${i}`, name])),
      ExpressionAttributeValues: Object.fromEntries(names.map((name, i) => [`:${i}`, attributes[name]])),
    }),
  );
}

const keysOf = (records: { image: object }[]) => records.map(({ image }) => (image as { key: string }).key).sort();

describe.each(DAMAGES)('a record with %s', (_, attributes) => {
  beforeEach(() => damage(attributes));

  test('is told by whoever reads the table, which gives all the others', async () => {
    const unreadable: UnreadableItem[] = [];
    const states = await Array.fromAsync(scanImages(table, (item) => unreadable.push(item)));
    expect(states.map(({ name }) => name.key).sort()).toEqual(['other.jpg', 'sound.jpg']);
    const key = 'facts' in attributes ? {} : { key: damaged.key };
    expect(unreadable).toEqual([{ id, fault: expect.any(String), ...key }]);

    const { names, ...more } = await readRecordedImages(table);
    expect(names.map(({ key }) => key).sort()).toEqual(['other.jpg', 'sound.jpg']);
    expect(more.unreadable).toEqual(unreadable);
    expect(await readTagStatistics(table)).toMatchObject({ images: 3 });
    expect((await countFacets(table)).tags).toEqual([{ name: 'dog', count: 'facts' in attributes ? 2 : 3 }]);
  });

  test('says so to whoever asks for it', async () => {
    expect(await store.read(damaged)).toMatchObject({ status: 'unreadable', fault: expect.any(String) });
    const message = expect.stringContaining('The record of s3://photos/damaged.jpg cannot be read');
    await expect(store.readRecord(damaged)).rejects.toMatchObject({ code: 'unreadable', message });
    const announce = async () => {};
    const correction = { add: [], remove: [{ name: 'dog' }], forget: [] };
    await expect(
      correctImage(damaged, correction, { store, now: () => at, announce, rules: undefined }),
    ).rejects.toMatchObject({ code: 'unreadable', message });
  });

  test('is written anew, and leaves no posting of what it was', async () => {
    const cat = record(damaged.key, [tag('cat', 0.9)]);
    await store.write(await store.read(damaged), { record: cat, at: new Date(at.getTime() + 1) });
    expect(await store.readRecord(damaged)).toEqual(cat);
    const found = await new TagQueries(table).find({ expression: 'dog', limit: 10 });
    expect(keysOf(found.records)).toEqual(['other.jpg', 'sound.jpg']);
    expect(found.unreadable).toBeUndefined();
  });

  test('is removed by its id alone, with the postings that its index entry lists', async () => {
    expect(await store.removeUnreadable(id, at)).toBe(true);
    expect(await store.readRecord(damaged)).toBeUndefined();
    const found = await new TagQueries(table).find({ expression: 'dog', limit: 10 });
    expect(keysOf(found.records)).toEqual(['other.jpg', 'sound.jpg']);
    expect(await store.removeUnreadable(id, at)).toBe(false);
    expect(await store.removeUnreadable(imageId({ bucket: 'photos', key: 'sound.jpg' }), at)).toBe(false);
  });

  test('gives way to the removal of its image', async () => {
    await store.write(await store.read(damaged), { at: new Date(at.getTime() + 1) });
    expect(await store.read(damaged)).toMatchObject({ status: expect.stringMatching('written|indexed') });
    expect(await store.readRecord(damaged)).toBeUndefined();
  });
});

describe('what people said of an image', () => {
  const announce = async () => {};
  const correct = (add: string) =>
    correctImage(
      damaged,
      { add: [{ name: add, parents: [] }], remove: [{ name: 'dog' }], forget: [] },
      { store, now: () => at, announce, rules: undefined },
    );
  const tagsOf = async () => (await store.readRecord(damaged))?.tags.map(({ name }) => name);

  test('is laid over the tags that replace a record that can not be read', async () => {
    await correct('my cat');
    await damage({ content: Buffer.from('ff010203', 'hex'), facts: '{' });
    await store.write(await store.read(damaged), {
      record: record(damaged.key, [tag('pug', 0.9), tag('dog', 0.8)]),
      at,
    });
    expect(await tagsOf()).toEqual(['my cat', 'pug']);
  });

  test('makes the record one that can not be read, if it is itself damaged: the loss is told', async () => {
    await correct('my cat');
    await damage({ corrections: '{"sha256":' });
    const fault = "people's corrections of it can't be read";
    expect(await store.read(damaged)).toMatchObject({ status: 'unreadable', fault });
    expect((await readRecordedImages(table)).unreadable).toEqual([{ id, fault, key: damaged.key }]);
    await store.write(await store.read(damaged), { record: record(damaged.key, [tag('pug', 0.9)]), at });
    expect(await tagsOf()).toEqual(['pug']);
  });

  test('is read from the content of a record that was written before it had a place of its own', async () => {
    const of = record(damaged.key, [tag('cat', 0.8)]);
    const corrections = { sha256: of.image.sha256!, added: [], removed: [{ name: 'dog' }] };
    await damage({ content: packContent({ record: of, corrections, live: [] }) });
    expect(await store.read(damaged)).toMatchObject({ corrections });
  });
});

describe('a question', () => {
  test.each(['dog', 'outcome:tagged', undefined])(
    'for %s names the record that it can not read',
    async (expression) => {
      await damage({ content: Buffer.from('ff010203', 'hex') });
      const { records, unreadable } = await new TagQueries(table).find({ expression, limit: 10 });
      expect(keysOf(records)).toEqual(['other.jpg', 'sound.jpg']);
      expect(unreadable).toEqual([{ id, fault: 'its content is of version 255; known here: 1, 2' }]);
    },
  );

  test('is answered by the record where a posting or an index entry is damaged', async () => {
    const items = await dynamo.items(table.tableName);
    for (const { pk, sk } of items.filter(({ pk }) => String(pk).startsWith('T#'))) {
      const Item = { pk, sk, facts: 'damaged' };
      await table.client.send(new PutCommand({ TableName: table.tableName, Item }));
    }
    const { records } = await new TagQueries(table).find({ expression: 'dog', limit: 10 });
    expect(keysOf(records)).toEqual(['damaged.jpg', 'other.jpg', 'sound.jpg']);
    // Which has no revision either, and is written all the same.
    await store.write(await store.read(damaged), { record: record(damaged.key, [tag('dog', 0.8)]), at });
    expect((await store.read(damaged)).status).toBe('written');
  });
});

test('content that holds no record is an error of ours', () => {
  const unpack = () => unpackContent(firstVersion('{}\0'));
  expect(unpack).toThrow(TagmillError);
  expect(unpack).toThrow(expect.objectContaining({ code: 'unreadable' }));
});
