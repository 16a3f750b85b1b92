import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  BackfillQueue,
  beginReconcile,
  type ImageEvent,
  type ProcessImageOptions,
  parseMessage,
  processImage,
  type ReconcileOptions,
  reconcileStep,
} from '@tagmill/pipeline';
import { imageId, readRecordedImages, type TagStoreOptions } from '@tagmill/tag-store';
import { BUCKET, FakeBucket } from '../../pipeline/test/fake-bucket.ts';
import { comparedTable, fakeProcessing } from '../../pipeline/test/processing.ts';
import { startDynamo, type TemporaryDynamo } from '../../tag-store/test/temporary-table.ts';
import { findUnreadable } from '../src/index.ts';

const NOW = new Date('2026-02-01T00:00:00Z');

let dynamo: TemporaryDynamo;
let bucket: FakeBucket;
let table: TagStoreOptions;
let processing: ProcessImageOptions;
let sent: string[];
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.close());
beforeEach(async () => {
  table = { client: dynamo.client, tableName: await dynamo.createTable() };
  bucket = new FakeBucket();
  sent = [];
  processing = fakeProcessing(table, bucket, NOW);
});

const handle = (event: ImageEvent) => processImage(event, NOW, { inFlight: 1 }, processing);
const damaged = { bucket: BUCKET, key: 'damaged.jpg' };
const stored = async () => (await processing.store.read(damaged)).record?.tags[0]?.name;

async function damage(more: Record<string, unknown> = {}, name = damaged) {
  const id = imageId(name);
  const attributes = Object.entries({ content: Buffer.from('01ffffff', 'hex'), ...more });
  const command = new UpdateCommand({
    TableName: table.tableName,
    Key: { pk: `I#${id}`, sk: 'R' },
    UpdateExpression: `SET ${attributes.map(([attribute]) => `${attribute} = :${attribute}`).join(', ')}`,
    ExpressionAttributeValues: Object.fromEntries(attributes.map(([attribute, value]) => [`:${attribute}`, value])),
  });
  await table.client.send(command);
  return id;
}

function options(): ReconcileOptions {
  const send = async (bodies: readonly string[]) => void sent.push(...bodies);
  return {
    bucket: BUCKET,
    prefix: '',
    suffix: '',
    objects: bucket,
    table: comparedTable(table, NOW),
    queue: new BackfillQueue({ queue: { send, depth: async () => ({ waiting: 0, inFlight: 0 }) } }),
    graceSeconds: 86_400,
    clock: { now: () => NOW },
    hasTime: () => true,
  };
}

const reconcile = async () => (await reconcileStep(beginReconcile(), options())).report;
const find = () =>
  findUnreadable({ images: (after) => readRecordedImages(table, after), bucket: BUCKET, objects: bucket });

describe('an image whose record can’t be read', () => {
  let created: ImageEvent;
  beforeEach(async () => {
    await handle(bucket.put('sound.jpg', 'pug 0.7 dog'));
    created = bucket.put(damaged.key, 'collie 0.8 dog');
    await handle(created);
  });

  test('is found by its name, and enqueued by a comparison however young it is', async () => {
    const id = await damage();
    expect(await find()).toEqual({
      records: [{ id, fault: 'invalid block type', key: damaged.key }],
      isComplete: true,
    });
    expect(await reconcile()).toMatchObject({
      objects: 2,
      unreadable: 1,
      unreadableKeys: [damaged.key],
      records: 1,
      orphaned: 0,
    });
    for (const body of sent) {
      expect(await handle(parseMessage(body).events[0]!)).toMatchObject({ mended: 'invalid block type' });
    }
    expect(await stored()).toBe('collie');
    expect((await find()).records).toEqual([]);
    expect(await reconcile()).toMatchObject({ unreadable: 0, missing: 0, stale: 0 });
  });

  test.each<[string, () => ImageEvent, string | undefined]>([
    ['by the event that was there before, once more', () => created, 'collie'],
    ['by a re-upload', () => bucket.put(damaged.key, 'tabby 0.9 cat'), 'tabby'],
    ['by a look after it', () => ({ ...damaged, isRevisit: true }), 'collie'],
    ['by its removal', () => bucket.remove(damaged.key), undefined],
  ])('is mended %s', async (_, eventOf, name) => {
    await damage();
    await handle(eventOf());
    expect(await processing.store.read(damaged)).not.toMatchObject({ status: 'unreadable' });
    expect(await stored()).toBe(name);
    expect(await reconcile()).toMatchObject({ unreadable: 0, missing: 0, stale: 0, gone: 0 });
  });

  test('and whose object is gone is named by its index entry, and removed', async () => {
    const id = await damage();
    bucket.remove(damaged.key);
    expect((await find()).records).toEqual([{ id, fault: 'invalid block type', key: damaged.key }]);
    expect(await reconcile()).toMatchObject({ unreadable: 0, records: 1, orphaned: 1 });
    for (const body of sent) await handle(parseMessage(body).events[0]!);
    expect((await find()).records).toEqual([]);
  });

  test.each<[string, Record<string, unknown>]>([
    ['damaged', { facts: '{' }],
    ['another image’s', { facts: '{"names":{},"key":"sound.jpg"}' }],
    ['damaged, as its revision is', { facts: 7, rev: 'seven' }],
  ])('and whose object is gone is removed, though its index entry is %s', async (_, more) => {
    const id = await damage(more);
    bucket.remove(damaged.key);
    expect((await find()).records).toEqual([{ id, fault: expect.any(String) }]);
    expect(await reconcile()).toMatchObject({ unreadable: 0, records: 1, orphaned: 1 });
    expect((await find()).records).toEqual([]);
    expect(await reconcile()).toMatchObject({ unreadable: 0, records: 1, orphaned: 0 });
  });

  test('is not taken for one whose object is gone, where a comparison finds more of them than it names', async () => {
    await Promise.all(
      Array.from({ length: 25 }, async (_, i) => {
        const name = { bucket: BUCKET, key: `many-${i}.jpg` };
        await handle(bucket.put(name.key, 'pug 0.7 dog'));
        await damage({ facts: '{' }, name);
      }),
    );
    expect(await reconcile()).toMatchObject({ unreadable: 25, orphaned: 0 });
    expect((await find()).records).toHaveLength(25);
  });

  test('is found in every page of a table, as many as are looked through', async () => {
    await damage();
    const pages = { names: [], unreadable: [], next: { pk: 'I#a', sk: 'R' } };
    let read = 0;
    const images = async () => (++read <= 300 ? pages : readRecordedImages(table));
    expect((await findUnreadable({ images, bucket: BUCKET, objects: bucket })).records).toHaveLength(1);
    read = 0;
    const some = { images, bucket: BUCKET, objects: bucket, maxPages: 200 };
    expect(await findUnreadable(some)).toEqual({ records: [], isComplete: false });
  });
});
