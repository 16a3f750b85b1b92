import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { TagStoreOptions } from '@tagmill/tag-store';
import fc from 'fast-check';
import { KILLED, storeThatDies } from '../../tag-store/test/dying-store.ts';
import { startDynamo, type TemporaryDynamo } from '../../tag-store/test/temporary-table.ts';
import {
  BackfillQueue,
  beginReconcile,
  type ImageEvent,
  type Inventory,
  type ProcessImageOptions,
  parseMessage,
  parseReconcileState,
  processImage,
  type ReconcileOptions,
  type ReconcileState,
  reconcileStep,
} from '../src/index.ts';
import { recordFailure } from '../src/process-image.ts';
import { BUCKET, FakeBucket } from './fake-bucket.ts';
import { comparedTable, fakeProcessing } from './processing.ts';

jest.setTimeout(60_000);

/** The bucket's objects are of the first minutes of 2026. */
const TAGGED_AT = new Date('2026-01-02T00:00:00Z');
const NOW = new Date('2026-02-01T00:00:00Z');
const DAY_SECONDS = 86_400;

let dynamo: TemporaryDynamo;
let bucket: FakeBucket;
let processing: ProcessImageOptions;
let options: ReconcileOptions;
let sent: string[];
let waiting: number;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.close());
beforeEach(setUp);

let table: TagStoreOptions;

async function setUp() {
  table = { client: dynamo.client, tableName: await dynamo.createTable() };
  bucket = new FakeBucket();
  sent = [];
  waiting = 0;
  const send = async (bodies: readonly string[]) => void sent.push(...bodies);
  processing = fakeProcessing(table, bucket, TAGGED_AT);
  options = {
    bucket: BUCKET,
    prefix: '',
    suffix: '',
    objects: bucket,
    table: comparedTable(table, NOW),
    queue: new BackfillQueue({ queue: { send, depth: async () => ({ waiting, inFlight: 0 }) }, maxWaiting: 50 }),
    graceSeconds: DAY_SECONDS,
    clock: { now: () => NOW },
    hasTime: () => true,
  };
}

const tag = (event: ImageEvent, at = TAGGED_AT) =>
  processImage(event, at, { inFlight: 1 }, { ...processing, clock: { now: () => at } });
const events = () => sent.flatMap((body) => parseMessage(body).events);
const enqueued = () => events().map(({ key }) => key);
const reconcile = async (more: Partial<ReconcileOptions> = {}) =>
  (await reconcileStep(beginReconcile(), { ...options, ...more })).report;

describe('a comparison of bucket and table', () => {
  test('finds nothing where every event arrived', async () => {
    await tag(bucket.put('a.jpg', 'collie 0.8'));
    await tag(bucket.put('corrupt.jpg', 'corrupt'));
    await tag(bucket.put('removed.jpg', 'pug 0.5'));
    await tag(bucket.remove('removed.jpg'));
    bucket.put('folder/', '');
    expect(await reconcile()).toMatchObject({ objects: 2, missing: 0, stale: 0, records: 2, gone: 0 });
    expect(sent).toEqual([]);
  });

  test('enqueues an image that it knows nothing of, as it was listed', async () => {
    bucket.put('lost.jpg', 'collie 0.8');
    expect(await reconcile()).toMatchObject({ missing: 1 });
    expect(events()).toEqual([
      { bucket: BUCKET, key: 'lost.jpg', etag: expect.any(String), lastModified: expect.any(Date) },
    ]);
  });

  test('enqueues an image whose re-upload it missed, and one that came back', async () => {
    await tag(bucket.put('replaced.jpg', 'collie 0.8'));
    await tag(bucket.put('back.jpg', 'collie 0.8'));
    await tag(bucket.remove('back.jpg'));
    bucket.put('replaced.jpg', 'pug 0.5');
    bucket.put('back.jpg', 'pug 0.5');
    expect(await reconcile()).toMatchObject({ stale: 1, missing: 1 });
    expect(enqueued()).toEqual(['back.jpg', 'replaced.jpg']);
  });

  test('goes by the version, not by its bytes alone: the same ones put again are another version', async () => {
    bucket = new FakeBucket({ versioned: true });
    options.objects = bucket;
    processing.objects = bucket;
    await tag(bucket.put('a.jpg', 'collie 0.8'));
    const { versionId } = bucket.put('a.jpg', 'collie 0.8');
    expect(await reconcile()).toMatchObject({ stale: 1 });
    await tag(events()[0]!);
    const { record } = await processing.store.read({ bucket: BUCKET, key: 'a.jpg' });
    expect(record!.image).toMatchObject({ versionId });
    expect(await reconcile()).toMatchObject({ stale: 0 });
  });

  test('enqueues an image whose record outlived it, by its name alone, so that it is removed', async () => {
    await tag(bucket.put('gone.jpg', 'collie 0.8'));
    bucket.remove('gone.jpg');
    expect(await reconcile()).toMatchObject({ records: 1, gone: 1 });
    await tag(events()[0]!);
    expect((await processing.store.read({ bucket: BUCKET, key: 'gone.jpg' })).record).toBeUndefined();
  });

  test('leaves alone what is in flight: objects that are young, and images that were written a short time ago', async () => {
    const event = bucket.put('a.jpg', 'collie 0.8');
    await tag(event);
    bucket.put('a.jpg', 'pug 0.5');
    bucket.put('b.jpg', 'pug 0.5');
    // Objects are 31 days old, the record is 30.
    expect(await reconcile({ graceSeconds: 31 * DAY_SECONDS })).toMatchObject({ inFlight: 2, stale: 0, missing: 0 });
    expect(await reconcile({ graceSeconds: 30.5 * DAY_SECONDS })).toMatchObject({ inFlight: 1, missing: 1 });
    expect(enqueued()).toEqual(['b.jpg']);
  });

  test('enqueues an image whose worker was killed before its postings, and what that leads to writes them', async () => {
    const event = bucket.put('a.jpg', 'collie 0.8');
    const store = storeThatDies(table, { afterWrites: 1 });
    const at = { now: () => TAGGED_AT };
    const killed = processImage(event, TAGGED_AT, { inFlight: 1 }, { ...processing, store, clock: at });
    await expect(killed).rejects.toMatchObject(KILLED);
    expect(await reconcile()).toMatchObject({ stale: 1 });
    expect((await tag(events()[0]!)).result).toBe('skipped');
    expect(bucket.reads).toEqual(['a.jpg']);
    expect(await reconcile()).toMatchObject({ stale: 0 });
  });

  test('counts what was given up, and leaves it to the dead-letter queue, unless it was replaced since', async () => {
    for (const key of ['a.jpg', 'b.jpg']) await recordFailure(bucket.put(key, 'flaky'), 10, processing);
    expect(await reconcile()).toMatchObject({ failed: 2, stale: 0 });
    const replacedAt = new Date('2026-01-03T00:00:00Z');
    const list = async function* () {
      for await (const object of bucket.list({ prefix: '' })) {
        yield { ...object, ...(object.key === 'b.jpg' && { lastModified: replacedAt }) };
      }
    };
    expect(await reconcile({ objects: { list, exists: async () => true } })).toMatchObject({ failed: 1, stale: 1 });
  });

  test('looks at keys that begin and end as the stack’s do, and at no other bucket’s records', async () => {
    for (const key of ['in/a.jpg', 'in/a.txt', 'out/a.jpg']) bucket.put(key, 'collie 0.8');
    for (const [name, key] of [
      ['other', 'in/x.jpg'],
      [BUCKET, 'out/x.jpg'],
    ] as const) {
      await tag({ ...bucket.put(key, 'pug 0.5'), bucket: name });
      bucket.remove(key);
    }
    const report = await reconcile({ prefix: 'in/', suffix: '.jpg' });
    expect(report).toMatchObject({ objects: 1, missing: 1, records: 0, gone: 0 });
    expect(enqueued()).toEqual(['in/a.jpg']);
  });

  test('goes on where it stopped, through JSON, whatever step is repeated', async () => {
    for (let i = 0; i < 230; i++) bucket.put(`${i}.jpg`, 'collie 0.8');
    let state: ReconcileState = beginReconcile();
    let steps = 0;
    while (state.phase !== 'done' && ++steps < 20) {
      const step = () => reconcileStep(parseReconcileState(JSON.parse(JSON.stringify(state))), options);
      options.hasTime = () => false;
      if (steps === 2) await step();
      state = await step();
    }
    expect(steps).toBe(4);
    expect(state.report).toMatchObject({ objects: 230, missing: 230 });
    expect(new Set(enqueued()).size).toBe(230);
    expect(sent).toHaveLength(330);
  });

  test('waits where the queue of backfills is full', async () => {
    bucket.put('a.jpg', 'collie 0.8');
    waiting = 50;
    const state = await reconcileStep(beginReconcile(), options);
    expect(state).toMatchObject({ phase: 'objects', waitSeconds: 300 });
    expect(sent).toEqual([]);
    waiting = 49;
    expect(await reconcileStep(state, options)).toMatchObject({ phase: 'done', report: { missing: 1 } });
  });

  describe('over an inventory', () => {
    const MADE_AT = new Date('2026-01-20T00:00:00Z');
    /** What the bucket holds now, as an inventory lists it: in no order. */
    async function inventory() {
      const listed = await Array.fromAsync(bucket.list({ prefix: '' }));
      const objects = listed.toReversed().map((object, row) => ({ ...object, position: `0:${row}` }));
      return {
        manifest: { createdAt: MADE_AT } as Inventory['manifest'],
        async *objects({ prefix, after = '0:-1' }: { prefix: string; after?: string | undefined }) {
          for (const object of objects.slice(Number(after.split(':')[1]) + 1)) {
            if (object.key.startsWith(prefix)) yield object;
          }
        },
      };
    }

    test('finds what the table shows nothing of, or another version, and goes on after each of its rows', async () => {
      await tag(bucket.put('replaced.jpg', 'collie 0.8'));
      await tag(bucket.put('same.jpg', 'collie 0.8'));
      bucket.put('replaced.jpg', 'pug 0.5');
      for (let i = 0; i < 130; i++) bucket.put(`lost/${i}.jpg`, 'collie 0.8');
      const over = { ...options, inventory: await inventory(), hasTime: () => false };
      let state: ReconcileState = beginReconcile();
      while (state.phase !== 'done') state = await reconcileStep(state, over);
      expect(state.report).toMatchObject({ objects: 132, missing: 130, stale: 1 });
      expect(new Set(enqueued()).size).toBe(131);
    });

    test('takes nothing for lost that changed, came or went since it was made', async () => {
      for (const key of ['replaced.jpg', 'removed.jpg', 'forgotten.jpg']) await tag(bucket.put(key, 'collie 0.8'));
      const old = await inventory();
      const since = new Date('2026-01-25T00:00:00Z');
      await tag(bucket.put('replaced.jpg', 'pug 0.5'), since);
      await tag(bucket.put('new.jpg', 'pug 0.5'), since);
      await tag(bucket.remove('removed.jpg'), since);
      // So long ago that the table has forgotten the removal.
      bucket.remove('forgotten.jpg');
      const table = {
        ...options.table,
        states: async (names: Parameters<typeof options.table.states>[0]) =>
          (await options.table.states(names)).map((state) =>
            state.name.key === 'forgotten.jpg' ? { ...state, status: 'absent' as const, record: undefined } : state,
          ) as Awaited<ReturnType<typeof options.table.states>>,
        images: async () => ({ names: [], unreadable: [] }),
      };
      expect(await reconcile({ inventory: old, table })).toMatchObject({
        objects: 3,
        inFlight: 2,
        missing: 0,
        stale: 0,
      });
      expect(sent).toEqual([]);
    });
  });

  test('mends whatever lost events left behind, and then finds nothing', async () => {
    const change = fc.record({
      key: fc.constantFrom('a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'),
      text: fc.constantFrom('collie 0.8', 'pug 0.5', 'corrupt', '', undefined),
      lost: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 12 }), async (changes) => {
        await setUp();
        for (const { key, text, lost } of changes) {
          const event = text === undefined ? bucket.remove(key) : bucket.put(key, text);
          if (!lost) await tag(event);
        }
        await reconcile();
        for (const event of events()) await tag(event);
        sent = [];
        expect(await reconcile()).toMatchObject({ missing: 0, stale: 0, gone: 0 });
        for (const key of ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg']) {
          const object = await bucket.open({ bucket: BUCKET, key });
          const { record } = await processing.store.read({ bucket: BUCKET, key });
          expect(record && 'etag' in record.image ? record.image.etag : undefined).toBe(object?.etag);
        }
      }),
      { numRuns: 40, seed: 20_260_101 },
    );
  });
});
