import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { TagmillError } from '@tagmill/core';
import { DeadlineEstimator, type TagRequest } from '@tagmill/policy';
import { RulesStore, TagStore } from '@tagmill/tag-store';
import { startDynamo, type TemporaryDynamo } from '../../tag-store/test/temporary-table.ts';
import {
  type ImageEvent,
  type ProcessBatchOptions,
  processBatch,
  type QueueMessage,
  StoredRulesInForce,
} from '../src/index.ts';
import { BUCKET, FakeBucket, fakeTagger, noRules } from './fake-bucket.ts';
import { fakeProcessing } from './processing.ts';

let dynamo: TemporaryDynamo;
let bucket: FakeBucket;
let options: ProcessBatchOptions;
let returned: Map<string, number>;
let messages: number;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.close());
beforeEach(async () => {
  bucket = new FakeBucket();
  returned = new Map();
  messages = 0;
  const table = { client: dynamo.client, tableName: await dynamo.createTable() };
  options = {
    ...fakeProcessing(table, bucket, new Date('2026-01-02T03:04:05Z')),
    maxReceiveCount: 10,
    deadlineEstimator: new DeadlineEstimator({ firstEstimateMs: 1000 }),
    remainingMs: () => 60_000,
    returnMessage: async ({ messageId }, delaySeconds) => void returned.set(messageId, delaySeconds),
    random: () => 0.5,
  };
});

function message(body: unknown, more: Partial<QueueMessage> = {}): QueueMessage {
  const messageId = `m${++messages}`;
  return {
    messageId,
    receiptHandle: `r-${messageId}`,
    queueArn: 'arn:aws:sqs:eu-central-1:123456789012:images',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    sentAt: new Date('2026-01-02T03:04:04Z'),
    receiveCount: 1,
    ...more,
  };
}

function about(events: ImageEvent[], more: Partial<QueueMessage> = {}): QueueMessage {
  const Records = events.map(({ key, ...event }) => ({
    eventName: 'ObjectCreated:Put',
    s3: { bucket: { name: event.bucket }, object: { key: encodeURIComponent(key), sequencer: event.sequencer } },
  }));
  return message({ Records }, more);
}

const outcome = async (key: string) => (await options.store.read({ bucket: BUCKET, key })).record?.outcome;

describe('a batch', () => {
  test('acknowledges what it tagged and rejected, and returns only what must be tried again', async () => {
    const batch = [
      about([bucket.put('good.jpg', 'collie 0.8')]),
      about([bucket.put('bad.jpg', 'corrupt')]),
      about([bucket.put('flaky.jpg', 'flaky')]),
    ];
    const report = await processBatch(batch, options);
    expect(report.returnedMessageIds).toEqual(['m3']);
    expect(returned).toEqual(new Map([['m3', 3]]));
    expect(await outcome('good.jpg')).toBe('tagged');
    expect(await outcome('bad.jpg')).toBe('rejected');
    expect(report.images.find(({ key }) => key === 'flaky.jpg')).toMatchObject({
      bucket: BUCKET,
      result: 'error',
      messageIds: ['m3'],
      error: { code: 'inference-failed' },
    });
  });

  test('acknowledges and counts what is no event, beside real ones', async () => {
    const batch = [
      message({ Event: 's3:TestEvent' }),
      message('junk'),
      message(''),
      about([bucket.put('a.jpg', 'pug 0.5')]),
    ];
    expect(await processBatch(batch, options)).toMatchObject({ testEvents: 1, unknown: 2, returnedMessageIds: [] });
    expect(await outcome('a.jpg')).toBe('tagged');
  });

  test('tags an image once, however many of its messages name it', async () => {
    const event = bucket.put('a.jpg', 'collie 0.8');
    const report = await processBatch([about([event]), about([event]), about([event, event])], options);
    expect(bucket.reads).toEqual(['a.jpg']);
    expect(report.images).toMatchObject([{ result: 'recorded', messageIds: ['m1', 'm2', 'm3'] }]);
  });

  test('returns a message if any of its images fails', async () => {
    const batch = [about([bucket.put('a.jpg', 'pug 0.5'), bucket.put('b.jpg', 'flaky')])];
    expect((await processBatch(batch, options)).returnedMessageIds).toEqual(['m1']);
    expect(await outcome('a.jpg')).toBe('tagged');
  });

  test('works on several images at once, but not on more than it may', async () => {
    let inFlight = 0;
    let most = 0;
    const { promise: fourAtOnce, resolve } = Promise.withResolvers<void>();
    const tagger = {
      ...fakeTagger,
      tag: async (bytes: Uint8Array, request: TagRequest) => {
        most = Math.max(most, ++inFlight);
        if (inFlight === 4) resolve();
        await fourAtOnce;
        inFlight--;
        return fakeTagger.tag(bytes, request);
      },
    };
    const batch = Array.from({ length: 12 }, (_, i) => about([bucket.put(`${i}.jpg`, 'pug 0.5')]));
    await processBatch(batch, { ...options, tagger });
    expect(most).toBe(4);
  });

  test('isolates what was delivered before, since it may be what ended the process, and nothing else', async () => {
    const isolated: [string, boolean | undefined][] = [];
    const tagger = {
      ...fakeTagger,
      tag: (bytes: Uint8Array, request: TagRequest) => {
        isolated.push([Buffer.from(bytes).toString(), request.isIsolated]);
        return fakeTagger.tag(bytes, request);
      },
    };
    const first = about([bucket.put('a.jpg', 'pug 0.5')]);
    const again = about([bucket.put('b.jpg', 'collie 0.5')], { receiveCount: 2 });
    await processBatch([first, again], { ...options, tagger });
    expect(new Map(isolated)).toEqual(
      new Map([
        ['pug 0.5', false],
        ['collie 0.5', true],
      ]),
    );
  });

  test('of nothing is nothing', async () => {
    expect(await processBatch([], options)).toMatchObject({ images: [], returnedMessageIds: [] });
  });

  test('says which messages keep their visibility because SQS would not change it', async () => {
    const returnMessage = async () => {
      throw new TagmillError('unavailable', 'SQS cannot be reached');
    };
    const report = await processBatch([about([bucket.put('a.jpg', 'flaky')])], { ...options, returnMessage });
    expect(report).toMatchObject({ returnedMessageIds: ['m1'], warnings: [{ code: 'unavailable' }] });
  });
});

describe('a batch and the table', () => {
  const RULES = { tags: { collie: { rename: 'sheepdog' } } };
  let rulesStore: RulesStore;
  let asked: string[];
  beforeEach(async () => {
    asked = [];
    const tableName = await dynamo.createTable();
    const send = (command: Parameters<typeof dynamo.client.send>[0]) => {
      asked.push(command.constructor.name);
      return dynamo.client.send(command);
    };
    const client = { send } as unknown as typeof dynamo.client;
    rulesStore = new RulesStore({ client, tableName });
    options.store = new TagStore({ client, tableName });
    options.rules = new StoredRulesInForce({ store: rulesStore });
  });
  const putRules = () => rulesStore.put({ version: 'v1', text: JSON.stringify(RULES) }, new Date(0));
  const words = async (key: string) => (await options.store.read({ bucket: BUCKET, key })).record?.tags[0]?.name;
  const batchOf = (count: number) =>
    Array.from({ length: count }, (_, i) => about([bucket.put(`${i}.jpg`, 'collie 0.8')]));

  test('reads all its images at once, and asks for the rules once', async () => {
    await processBatch(batchOf(10), options);
    const counts = Object.entries(Object.groupBy(asked, (name) => name)).map(([name, all]) => [name, all!.length]);
    expect(Object.fromEntries(counts)).toMatchObject({ BatchGetCommand: 1, GetCommand: 1 });
  });

  test('reads each image by itself if they can’t be read at once', async () => {
    options.store.readAll = () => Promise.reject(new TagmillError('throttled', 'Slow down'));
    const report = await processBatch(batchOf(3), options);
    expect(report.images.map(({ result }) => result)).toEqual(['recorded', 'recorded', 'recorded']);
  });

  test('overwrites nothing that another wrote since it read the images', async () => {
    const batch = batchOf(2);
    const newer = bucket.put('1.jpg', 'pug 0.9');
    bucket.beforeOpen = async ({ key }) => {
      bucket.beforeOpen = () => {};
      expect(key).toBe('0.jpg');
      await processBatch([about([newer])], options);
    };
    const report = await processBatch(batch, { ...options, tagger: { ...fakeTagger, plan: () => 1 } });
    expect(report.images.map(({ key, result }) => [key, result])).toEqual([
      ['0.jpg', 'recorded'],
      ['1.jpg', 'skipped'],
    ]);
    expect(await words('1.jpg')).toBe('pug');
  });

  test('names its images by rules that are put meanwhile', async () => {
    bucket.beforeOpen = async () => {
      bucket.beforeOpen = () => {};
      await putRules();
    };
    const report = await processBatch(batchOf(3), options);
    expect(report).toMatchObject({ returnedMessageIds: [] });
    expect(report.images.map(({ result }) => result)).toEqual(['renamed', 'renamed', 'renamed']);
    expect(await words('2.jpg')).toBe('sheepdog');
  });

  test('returns all its messages if the rules can’t be asked for', async () => {
    options.rules = { ...noRules, refresh: () => Promise.reject(new TagmillError('throttled', 'Slow down')) };
    const report = await processBatch(batchOf(2), options);
    expect(report.returnedMessageIds).toEqual(['m1', 'm2']);
    expect(report.images).toMatchObject([{ error: { code: 'throttled' } }, { error: { code: 'throttled' } }]);
  });

  test('returns its messages if the rules change again and again', async () => {
    let version = 0;
    const refresh = async () => ({ ...noRules.current, version: String(++version) });
    options.rules = { ...noRules, refresh };
    const report = await processBatch(batchOf(1), options);
    expect(report).toMatchObject({ returnedMessageIds: ['m1'], images: [{ error: { code: 'conflict' } }] });
  });
});

describe('a batch that runs out of time', () => {
  test('takes no image that would not fit, and hands it back for a few seconds, those tried most often first', async () => {
    const receives = [1, 3, 2];
    const batch = receives.map((receiveCount, i) => about([bucket.put(`${i}.jpg`, 'pug 0.5')], { receiveCount }));
    const report = await processBatch(batch, {
      ...options,
      tagger: { ...fakeTagger, plan: () => 1 },
      remainingMs: () => 1500,
      deadlineEstimator: slowEstimator(),
    });
    expect(report.images.map(({ key, result }) => [key, result])).toEqual([
      ['1.jpg', 'recorded'],
      ['2.jpg', 'not-tried'],
      ['0.jpg', 'not-tried'],
    ]);
    expect(returned).toEqual(
      new Map([
        ['m1', 3],
        ['m3', 3],
      ]),
    );
  });

  test('takes one image at least, so that a wrong estimate corrects itself', async () => {
    const deadlineEstimator = slowEstimator();
    await processBatch([about([bucket.put('a.jpg', 'pug 0.5')])], {
      ...options,
      remainingMs: () => 1500,
      deadlineEstimator,
    });
    expect(await outcome('a.jpg')).toBe('tagged');
  });

  test('stops waiting for an image that hangs, and keeps the others', async () => {
    const tagger = {
      ...fakeTagger,
      tag: (bytes: Uint8Array, request: TagRequest) =>
        Buffer.from(bytes).toString() === 'hang' ? new Promise<never>(() => {}) : fakeTagger.tag(bytes, request),
    };
    const batch = [about([bucket.put('hang.jpg', 'hang')]), about([bucket.put('a.jpg', 'pug 0.5')])];
    const start = performance.now();
    const deadline = start + 1300;
    const report = await processBatch(batch, {
      ...options,
      tagger,
      deadlineEstimator: new DeadlineEstimator({ firstEstimateMs: 1 }),
      remainingMs: () => deadline - performance.now(),
    });
    expect(performance.now()).toBeLessThan(deadline);
    expect(report.returnedMessageIds).toEqual(['m1']);
    expect(report.images.map(({ result }) => result).sort()).toEqual(['gave-up-waiting', 'recorded']);
  });

  function slowEstimator(): DeadlineEstimator {
    const deadlineEstimator = new DeadlineEstimator({ firstEstimateMs: 1 });
    deadlineEstimator.record(40_000);
    return deadlineEstimator;
  }
});

describe('the last receive', () => {
  test('leaves a failed record, and a message that goes on to the dead-letter queue at once', async () => {
    const batch = [about([bucket.put('a.jpg', 'flaky')], { receiveCount: 10 })];
    const report = await processBatch(batch, options);
    expect(await outcome('a.jpg')).toBe('failed');
    expect(report.returnedMessageIds).toEqual(['m1']);
    expect(returned).toEqual(new Map([['m1', 0]]));
  });

  test('records the failure before anything is tried', async () => {
    const seen: unknown[] = [];
    bucket.beforeOpen = async () => void seen.push(await outcome('a.jpg'));
    await processBatch([about([bucket.put('a.jpg', 'pug 0.5')], { receiveCount: 10 })], options);
    expect(seen).toEqual(['failed']);
    expect(await outcome('a.jpg')).toBe('tagged');
  });
});
