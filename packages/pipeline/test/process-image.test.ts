import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { TagmillError } from '@tagmill/core';
import type { ImageTagger, TagRequest } from '@tagmill/policy';
import { TagStore } from '@tagmill/tag-store';
import { startDynamo, type TemporaryDynamo } from '../../tag-store/test/temporary-table.ts';
import { type ImageEvent, type ProcessImageOptions, processImage } from '../src/index.ts';
import { recordFailure } from '../src/process-image.ts';
import { BUCKET, FakeBucket, fakeTagger } from './fake-bucket.ts';
import { fakeProcessing } from './processing.ts';
import { storedRecordSchema } from './stored-record-schema.ts';

const now = new Date('2026-01-02T03:04:05Z');
const sentAt = new Date(now.getTime() - 40);
const key = 'a.jpg';
let dynamo: TemporaryDynamo;
let tableName: string;
let bucket: FakeBucket;
let options: ProcessImageOptions;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.close());
beforeEach(async () => {
  tableName = await dynamo.createTable();
  bucket = new FakeBucket();
  options = {
    ...fakeProcessing({ client: dynamo.client, tableName }, bucket, now),
    budgets: { rules: [], defaultMs: 60_000 },
  };
});

const handle = async (event: ImageEvent, more: Partial<ProcessImageOptions> = {}) =>
  (await processImage(event, sentAt, { inFlight: 1 }, { ...options, ...more })).result;
const stored = async (name = key) => (await options.store.read({ bucket: BUCKET, key: name })).record;
const posted = async () => {
  const items = await dynamo.items(tableName);
  return items
    .filter(({ pk, dead }) => String(pk).startsWith('T#') && !dead)
    .map(({ pk }) => String(pk).split('#')[1])
    .sort();
};

test('an image without a budget has none in its record, unless its metadata has one', async () => {
  const budgets = { rules: [] };
  await handle(bucket.put(key, 'collie 0.8 dog'), { budgets });
  expect(await stored()).not.toHaveProperty('budget');
  await handle(bucket.put(key, 'collie 0.9 dog', { 'latency-budget-ms': '70' }), { budgets });
  expect(await stored()).toMatchObject({ budget: { latencyMs: 70 } });
});

describe('an object that was packed before it was stored', () => {
  const packed = (text: string) => {
    const body = gzipSync(text);
    const open: ProcessImageOptions['objects']['open'] = async (name) => {
      const object = await bucket.open(name);
      return object && { ...object, encoding: 'gzip', sizeBytes: body.length, read: async () => body };
    };
    return { objects: { open } };
  };

  test('is tagged by what it unpacks to', async () => {
    await handle(bucket.put(key, 'any'), packed('collie 0.8 dog'));
    expect(await stored()).toMatchObject({ outcome: 'tagged', tags: [{ name: 'collie' }], image: { bytes: 14 } });
  });

  test('is rejected if that is too large', async () => {
    await handle(bucket.put(key, 'any'), packed('x'.repeat(1001)));
    expect(await stored()).toMatchObject({ outcome: 'rejected', reason: 'too-many-bytes' });
  });
});

describe('an event about an object', () => {
  test('becomes a whole record, with the time of each stage', async () => {
    expect(await handle(bucket.put(key, 'collie 0.8 dog', { 'latency-budget-ms': '500' }))).toBe('recorded');
    const record = storedRecordSchema.parse(await stored());
    expect(record).toMatchObject({
      outcome: 'tagged',
      image: { bucket: BUCKET, key },
      budget: { latencyMs: 500, met: true, predictedMs: 6, reason: 'most-accurate', extrapolated: false },
    });
    const { queueMs, fetchMs, storeMs, totalMs } = record.timings;
    expect(queueMs).toBe(40);
    expect(storeMs).toBeGreaterThan(0);
    expect(totalMs).toBeCloseTo(fetchMs + 5 + storeMs, 1);
    expect(await posted()).toEqual(['collie']);
  });

  test('is given back with the time that its own writing took; in the table that of the one before is in its place', async () => {
    const write: TagStore['write'] = async (...args) => {
      const record = await new TagStore({ client: dynamo.client, tableName }).write(...args);
      await setTimeout(50);
      return record;
    };
    const slow = Object.assign(new TagStore({ client: dynamo.client, tableName }), { write });
    const budgets = { rules: [], defaultMs: 40 };
    const event = bucket.put(key, 'collie 0.8');
    const processed = await processImage(event, sentAt, { inFlight: 1 }, { ...options, store: slow, budgets });
    if (processed.result !== 'recorded') throw new Error(processed.result);
    const [given, kept] = [processed.record, (await stored())!];
    expect(given.timings!.storeMs).toBeGreaterThan(49);
    expect(given.budget!.met).toBe(false);
    expect(kept.timings!.storeMs).toBeLessThan(given.timings!.storeMs! - 40);
    expect(given).toEqual({ ...kept, timings: expect.anything(), budget: expect.anything() });
  });

  test('misses a budget that its own processing exceeds', async () => {
    await handle(bucket.put(key, 'collie 0.8', { 'latency-budget-ms': '2' }));
    expect(await stored()).toMatchObject({ budget: { latencyMs: 2, met: false } });
  });

  test('of an image without tags is recorded as empty, and not looked at again', async () => {
    const event = bucket.put(key, '');
    expect(await handle(event)).toBe('recorded');
    expect(storedRecordSchema.parse(await stored()).outcome).toBe('empty');
    expect(await handle(event)).toBe('skipped');
  });

  test('that comes twice is not fetched twice', async () => {
    const event = bucket.put(key, 'collie 0.8');
    await handle(event);
    let opened = 0;
    bucket.beforeOpen = () => void opened++;
    expect(await handle(event)).toBe('skipped');
    expect(opened).toBe(0);
  });

  test('of a re-upload replaces the record and its postings', async () => {
    await handle(bucket.put(key, 'collie 0.8 dog'));
    await handle(bucket.put(key, 'tabby 0.7 cat'));
    expect(await posted()).toEqual(['tabby']);
  });

  test('of a removal takes the record and its postings along', async () => {
    await handle(bucket.put(key, 'collie 0.8 dog'));
    expect(await handle(bucket.remove(key))).toBe('removed');
    expect(await stored()).toBeUndefined();
    expect(await posted()).toEqual([]);
  });

  test('of a folder leaves no record', async () => {
    await handle(bucket.put('folder/', ''));
    expect(await stored('folder/')).toBeUndefined();
  });
});

describe('events out of order', () => {
  test('a removal before the creation it followed leaves nothing', async () => {
    const created = bucket.put(key, 'collie 0.8');
    const removed = bucket.remove(key);
    expect(await handle(removed)).toBe('removed');
    expect(await handle(created)).toBe('skipped');
    expect(await stored()).toBeUndefined();
  });

  test('a removal of the old object, late, leaves the new one', async () => {
    bucket.put(key, 'collie 0.8');
    const removed = bucket.remove(key);
    await handle(bucket.put(key, 'tabby 0.7'));
    expect(await handle(removed)).toBe('skipped');
    expect(await posted()).toEqual(['tabby']);
  });

  test('a creation that is handled after its object was replaced tags what is there, once', async () => {
    const first = bucket.put(key, 'collie 0.8');
    const second = bucket.put(key, 'tabby 0.7');
    await handle(first);
    expect(await posted()).toEqual(['tabby']);
    expect(await handle(second)).toBe('skipped');
    expect(bucket.reads).toEqual([key]);
  });

  test('with versions, the creation of the version that was tagged needs no look at the bucket', async () => {
    options.objects = bucket = new FakeBucket({ versioned: true });
    const first = bucket.put(key, 'collie 0.8');
    const second = bucket.put(key, 'tabby 0.7');
    await handle(first);
    bucket.beforeOpen = () => {
      throw new Error('opened');
    };
    expect(await handle(second)).toBe('skipped');
  });

  test('an object that is replaced while it is tagged ends with the tags of the new one', async () => {
    let replaced: ImageEvent | undefined;
    const slowTagger = {
      ...fakeTagger,
      tag: async (bytes: Uint8Array, request: TagRequest) => {
        replaced ??= bucket.put(key, 'tabby 0.7');
        return fakeTagger.tag(bytes, request);
      },
    };
    await handle(bucket.put(key, 'collie 0.8'), { tagger: slowTagger });
    expect(await posted()).toEqual(['collie']);
    await handle(replaced!);
    expect(await posted()).toEqual(['tabby']);
  });

  test('an object that is removed, and its removal handled, while it is tagged stays removed', async () => {
    const removingTagger = {
      ...fakeTagger,
      tag: async (bytes: Uint8Array, request: TagRequest) => {
        await handle(bucket.remove(key));
        return fakeTagger.tag(bytes, request);
      },
    };
    expect(await handle(bucket.put(key, 'collie 0.8'), { tagger: removingTagger })).toBe('skipped');
    expect(await stored()).toBeUndefined();
    expect(await posted()).toEqual([]);
  });
});

describe('a fault', () => {
  test('of the image becomes a rejected record with its reason, and is not tried again', async () => {
    const event = bucket.put(key, 'corrupt');
    expect(await handle(event)).toBe('recorded');
    expect(await stored()).toMatchObject({
      outcome: 'rejected',
      reason: 'corrupt',
      tags: [],
      image: { bucket: BUCKET, key },
    });
    expect(await handle(event)).toBe('skipped');
  });

  test('of size is found before the body is read', async () => {
    await handle(bucket.put(key, 'x'.repeat(1001)));
    expect(await stored()).toMatchObject({ outcome: 'rejected', reason: 'too-many-bytes', image: { bytes: 1001 } });
    expect(bucket.reads).toEqual([]);
  });

  test('of storage that no retry mends is a rejection too', async () => {
    const event = bucket.put(key, 'collie 0.8');
    bucket.beforeOpen = () => {
      throw new TagmillError('archived', 'Archived');
    };
    await handle(event);
    expect(await stored()).toMatchObject({ outcome: 'rejected', reason: 'archived' });
  });

  test('that passes is thrown, and writes nothing', async () => {
    await expect(handle(bucket.put(key, 'flaky'))).rejects.toMatchObject({ code: 'inference-failed' });
    expect(await dynamo.items(tableName)).toEqual([]);
  });

  test('recorded ahead of the last try is overwritten by success', async () => {
    await handle(bucket.put(key, 'tabby 0.7'));
    const event = bucket.put(key, 'collie 0.8');
    await recordFailure(event, 10, options);
    expect(await stored()).toMatchObject({ outcome: 'failed', reason: 'gave-up', tags: [] });
    expect(await posted()).toEqual([]);
    expect(await handle(event)).toBe('recorded');
    expect(await stored()).toMatchObject({ outcome: 'tagged' });
    await recordFailure(event, 10, options);
    expect(await stored()).toMatchObject({ outcome: 'tagged' });
  });
});

describe('a worker that has read the object', () => {
  /** Once it has, something happens, the first time. */
  const handleWhile = (event: ImageEvent, happens: () => Promise<unknown>) => {
    let isFirst = true;
    const open: FakeBucket['open'] = async (name) => {
      const object = await bucket.open(name);
      if (isFirst) {
        isFirst = false;
        await happens();
      }
      return object;
    };
    return handle(event, { objects: { open } });
  };

  test('does not write it over the failure of a newer one: the table is read before', async () => {
    const event = bucket.put(key, 'collie 0.8');
    await handleWhile(event, () => recordFailure(bucket.put(key, 'pug 0.6'), 10, options));
    expect((await stored())!.tags[0]!.name).toBe('pug');
  });

  test('does not write it where the object has become again what the table shows', async () => {
    bucket = new FakeBucket({ changesASecond: 10 });
    options.objects = bucket;
    await handle(bucket.put(key, 'collie 0.8'));
    await handleWhile(bucket.put(key, 'pug 0.6'), () => handle(bucket.put(key, 'collie 0.8')));
    expect((await stored())!.tags[0]!.name).toBe('collie');
  });
});

describe('a backfilled object', () => {
  const listed = async (): Promise<ImageEvent> => {
    const { etag, lastModified } = (await bucket.open({ bucket: BUCKET, key }))!;
    return { bucket: BUCKET, key, etag, lastModified };
  };

  test('is not opened if this model has tagged it', async () => {
    await handle(bucket.put(key, 'collie 0.8'));
    const event = await listed();
    bucket.beforeOpen = () => {
      throw new Error('opened');
    };
    expect(await handle(event)).toBe('skipped');
  });

  test('is tagged anew by another model, in place of the old tags', async () => {
    await handle(bucket.put(key, 'collie 0.8'));
    const model = { variant: 'test/0.5-64', sha256: 'b'.repeat(64) };
    const tagger: ImageTagger = {
      ...fakeTagger,
      isCurrent: ({ variant }) => variant === model.variant,
      tag: async (bytes, request) => {
        const tagging = await fakeTagger.tag(bytes, request);
        return { ...tagging, model: { ...tagging.model, ...model } };
      },
    };
    expect(await handle(await listed(), { tagger })).toBe('recorded');
    expect(await stored()).toMatchObject({ model });
  });

  test('that was rejected is looked at again: limits may have been raised', async () => {
    await handle(bucket.put(key, `x 0.5${' y'.repeat(600)}`));
    expect(await handle(await listed(), { maxBytes: 10_000 })).toBe('recorded');
    expect(await stored()).toMatchObject({ outcome: 'tagged' });
  });

  test('whose body is the same is not read again when its own event follows', async () => {
    const event = bucket.put(key, 'collie 0.8');
    await handle(await listed());
    expect(await handle(event)).toBe('skipped');
    expect(bucket.reads).toEqual([key]);
    expect(await options.store.read({ bucket: BUCKET, key })).toMatchObject({ sequencer: event.sequencer });
  });
});
