import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { ReconcileState } from '@tagmill/pipeline';
import { invokeLocally } from '@tagmill/stack-client';
import { inventoryObjects } from '../helpers/inventory.ts';
import { makePhotos } from '../helpers/photos.ts';
import { eventually, type Pipeline, startPipeline } from '../helpers/pipeline-stack.ts';

jest.setTimeout(120_000);

let photos: Buffer[];
let pipeline: Pipeline;
let isLosing = false;
beforeAll(async () => {
  photos = await makePhotos(12, 20_260_101);
  pipeline = await startPipeline({
    stack: { variant: 'everyday/0.5-96' },
    faults: { deliveries: () => (isLosing ? [] : [0]) },
  });
});
afterAll(() => pipeline?.close());

const call = (name: 'Reconcile' | 'EnqueueBacklog', event: object) =>
  invokeLocally({ endpoint: pipeline.endpoints.lambda, functionName: pipeline.outputs[`${name}FunctionName`]! }, event);

async function reconcile() {
  const { state } = (await call('Reconcile', { graceSeconds: 0 })) as { state: ReconcileState };
  expect(state.phase).toBe('done');
  return state.report;
}

const recordsOf = () => Promise.all(photos.map((_, i) => pipeline.record(`${i}.jpg`)));
const idle = () =>
  eventually(
    async () =>
      (await pipeline.messages(pipeline.outputs.QueueUrl!)) +
      (await pipeline.messages(pipeline.outputs.BackfillQueueUrl!)),
    (left) => left === 0,
  );

describe('events that are lost', () => {
  test('are found by a comparison, which ends in the table that they would have made', async () => {
    for (const [i, photo] of photos.slice(0, 8).entries()) await pipeline.put(`${i}.jpg`, photo);
    await idle();
    // A second on, so that the listing tells the versions apart.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    isLosing = true;
    for (const i of [8, 9, 10, 11]) await pipeline.put(`${i}.jpg`, photos[i]!);
    for (const i of [0, 1]) await pipeline.put(`${i}.jpg`, photos[i + 8]!);
    await pipeline.remove('2.jpg');
    isLosing = false;

    expect(await reconcile()).toMatchObject({ objects: 11, missing: 4, stale: 2, gone: 1 });
    await idle();
    const records = await recordsOf();
    expect(records.flatMap((record, i) => (record ? [] : [i]))).toEqual([2]);
    expect(records[0]!.image).toMatchObject({ sha256: records[8]!.image.sha256 });
    expect(await reconcile()).toMatchObject({ objects: 11, records: 11, missing: 0, stale: 0, gone: 0 });
  });
});

test('an inventory is compared, and enqueued, as the listing is', async () => {
  const rows = [
    ...(await recordsOf()).flatMap((record, i) => (record ? [{ key: `${i}.jpg` }] : [])),
    { key: 'gone.jpg' },
  ];
  const { manifestKey, objects } = inventoryObjects({
    sourceBucket: pipeline.bucket,
    files: [rows.slice(0, 4), rows.slice(4)],
    createdAt: new Date(),
    folder: 'elsewhere',
  });
  isLosing = true;
  for (const [key, body] of objects) await pipeline.put(key, body);
  isLosing = false;
  const inventory = { bucket: pipeline.bucket, key: manifestKey };
  const { state } = (await call('Reconcile', { graceSeconds: 0, inventory })) as { state: ReconcileState };
  // Another tag than the inventory's; what is only in it was removed since.
  expect(state.report).toMatchObject({ objects: 12, stale: 11, missing: 0, gone: 0 });
  await idle();

  const [Size, LastModifiedDate] = ['1', '2026-01-01T00:00:00.000Z'];
  const row = { Bucket: pipeline.bucket, Key: '0.jpg', Size, LastModifiedDate, ETag: 'e' };
  const event = { Items: [row, { ...row, Key: 'other/0.jpg' }], BatchInput: { prefix: '0' } };
  expect(await call('EnqueueBacklog', event)).toEqual({ enqueued: 1 });
  await expect(call('EnqueueBacklog', { Items: [{ ...row, Bucket: 'other' }] })).rejects.toThrow(/is of other/);
  await idle();
});

test('a backlog that is enqueued once more changes nothing', async () => {
  const before = await recordsOf();
  const Items = before.flatMap((record, i) =>
    record ? [{ Key: `${i}.jpg`, Etag: '"x"', LastModified: 1_700_000_000, Size: 1 }] : [],
  );
  const folder = { Key: 'folder/', Etag: '"x"', LastModified: 1_700_000_000, Size: 0 };
  expect(await call('EnqueueBacklog', { Items: [...Items, folder] })).toEqual({ enqueued: 11 });
  await idle();
  expect(await recordsOf()).toEqual(before);
});

describe('a function that is called as a state machine does', () => {
  test('refuses what is no event of its own, in a line', async () => {
    await expect(call('Reconcile', { graceSeconds: -1 })).rejects.toThrow(/Not an event of reconcile/);
    await expect(call('EnqueueBacklog', {})).rejects.toThrow(/Not a batch of objects/);
  });

  test('has to be there', async () => {
    const { lambda: endpoint } = pipeline.endpoints;
    await expect(invokeLocally({ endpoint, functionName: 'none' }, {})).rejects.toMatchObject({ code: 'unavailable' });
  });
});
