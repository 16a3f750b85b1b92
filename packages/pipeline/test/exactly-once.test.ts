import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ImageRecord } from '@tagmill/core';
import { documentClient, TagStore } from '@tagmill/tag-store';
import fc from 'fast-check';
import { startDynamo, type TemporaryDynamo } from '../../tag-store/test/temporary-table.ts';
import { type ImageEvent, processImage } from '../src/index.ts';
import { recordFailure } from '../src/process-image.ts';
import { BUCKET, FakeBucket, fakeTagger, noRules } from './fake-bucket.ts';

/**
 * docs/decisions/06-exactly-once.md, tried: several workers handle events that come more than once and out of order, while the
 * bucket changes. Every request to DynamoDB and S3 is a step, and steps are taken in any order; at any of them a worker may
 * be killed, before the request or after it; its message may come back while it is still at work; and a request may stall
 * until all else has come to rest, which makes its worker a zombie. In the end the table must be that of a calm run.
 */
const WORKERS = 3;
/** One: images share nothing in the table but the partitions of their postings. */
const KEY = 'a.jpg';
const TEXTS = ['collie 0.8 dog', 'pug 0.6 dog', 'tabby 0.7 cat, pug 0.3 dog', '', 'corrupt'];

const FAULTS = ['none', 'killed-before', 'killed-after', 'message-returns', 'stalls'] as const;
type Fault = (typeof FAULTS)[number];

const scenario = fc.record({
  changes: fc.array(
    fc.record({
      text: fc.option(fc.constantFrom(...TEXTS), { freq: 2 }),
      deliveries: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 1, maxLength: 7 },
  ),
  versioned: fc.boolean(),
  changesASecond: fc.constantFrom(1, 10),
  /** Which of the possible steps comes next. */
  order: fc.array(fc.nat(1000), { maxLength: 200, size: 'max' }),
  faults: fc.array(
    fc.oneof(
      { weight: 5, arbitrary: fc.constant<Fault>('none') },
      { weight: 5, arbitrary: fc.constantFrom(...FAULTS) },
    ),
    {
      maxLength: 60,
      size: 'max',
    },
  ),
  /** Milliseconds that each worker's clock is off. */
  skews: fc.tuple(fc.nat(5), fc.nat(5), fc.nat(5)),
  /** Each how many receives of a message count as its last. */
  lastReceive: fc.integer({ min: 2, max: 5 }),
});

type Scenario = typeof scenario extends fc.Arbitrary<infer Value> ? Value : never;

class Killed extends Error {}

/** One at a time, each step waits here for its turn. */
class Steps {
  readonly waiting: (() => Promise<void>)[] = [];
  readonly stalled: (() => Promise<void>)[] = [];

  take<T>(queue: (() => Promise<void>)[], run: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      queue.push(async () => {
        await run().then(resolve, reject);
      });
    });
  }
}

interface Message {
  event: ImageEvent;
  receives: number;
  isDeleted: boolean;
}

interface Worker {
  /** Of the message in hand; replaced with each. */
  life?: { isKilled: boolean; message: Message };
  store: TagStore;
}

let dynamo: TemporaryDynamo;
/** Replaced by each run: what a request of a worker must go through. */
let gate: <T>(worker: number, request: () => Promise<T>) => Promise<T>;
const clients = Array.from({ length: WORKERS }, () => documentClient());

beforeAll(async () => {
  dynamo = await startDynamo();
  clients.forEach((_, worker) => {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const client = documentClient({ endpoint: dynamo.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
    client.middlewareStack.add((next) => (args) => gate(worker, () => next(args)), {
      step: 'initialize',
      name: 'gate',
    });
    clients[worker] = client;
  });
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  await dynamo.close();
});

async function stormyRun({ changes, versioned, changesASecond, order, faults, skews, lastReceive }: Scenario) {
  const tableName = await dynamo.createTable();
  const bucket = new FakeBucket({ versioned, changesASecond });
  const steps = new Steps();
  const queue: Message[] = [];
  const workers: Worker[] = clients.map((client) => ({ store: new TagStore({ client, tableName }) }));
  const pendingChanges = [...changes];
  const pendingFaults = [...faults];

  const giveBack = (message: Message) => {
    if (!message.isDeleted && !queue.includes(message)) queue.push(message);
  };

  gate = (index, request) => {
    // The life at the time of the request: a zombie must not be taken for its successor.
    const life = workers[index]!.life!;
    const fault = life.isKilled ? 'none' : (pendingFaults.shift() ?? 'none');
    if (fault === 'stalls') giveBack(life.message);
    return steps.take(fault === 'stalls' ? steps.stalled : steps.waiting, async () => {
      if (fault === 'killed-before') life.isKilled = true;
      if (life.isKilled) throw new Killed();
      if (fault === 'message-returns') giveBack(life.message);
      const answer = await request();
      if (fault === 'killed-after') {
        life.isKilled = true;
        throw new Killed();
      }
      return answer;
    });
  };

  const work = async (index: number, message: Message) => {
    const worker = workers[index]!;
    worker.life = { isKilled: false, message };
    const objects = { open: (name: { bucket: string; key: string }) => gate(index, () => bucket.open(name)) };
    const clock = { now: () => new Date(skews[index]!) };
    const options = {
      objects,
      clock,
      store: worker.store,
      tagger: fakeTagger,
      rules: noRules,
      budgets: { rules: [], defaultMs: 1 },
      maxBytes: 100,
    };
    try {
      if (message.receives % lastReceive === 0) await recordFailure(message.event, message.receives, options);
      await processImage(message.event, new Date(0), { inFlight: 1 }, options);
      // Deleted for good, also where it has come back, and where another worker has it in hand.
      message.isDeleted = true;
      if (queue.includes(message)) queue.splice(queue.indexOf(message), 1);
    } catch {
      giveBack(message);
    }
    delete worker.life;
  };

  for (let turn = 0; ; turn++) {
    if (turn > 3000) throw new Error('The queue does not come to rest');
    await setImmediate();
    const idle = workers.findIndex(({ life }) => !life);
    const possible: (() => unknown)[] = [
      ...steps.waiting.map((step, i) => () => {
        steps.waiting.splice(i, 1);
        return step();
      }),
      ...(idle < 0
        ? []
        : queue.map((message, i) => () => {
            queue.splice(i, 1);
            message.receives++;
            void work(idle, message);
          })),
    ];
    const [change] = pendingChanges;
    if (change) {
      possible.push(() => {
        pendingChanges.shift();
        const { text, deliveries } = change;
        const event = text === null ? bucket.remove(KEY) : bucket.put(KEY, text);
        for (let i = 0; i < deliveries; i++) queue.push({ event, receives: 0, isDeleted: false });
      });
    }
    const zombie = possible.length === 0 && steps.stalled.shift();
    if (zombie) possible.push(zombie);
    if (possible.length === 0) break;
    await possible[(order[turn] ?? turn) % possible.length]!();
  }
  return { tableName, bucket };
}

/** Each object once, in order, by one worker that nothing happens to. */
async function calmRun(bucket: FakeBucket): Promise<string> {
  const tableName = await dynamo.createTable();
  const store = new TagStore({ client: dynamo.client, tableName });
  for (const key of bucket.keys()) {
    const options = { objects: bucket, store, tagger: fakeTagger, rules: noRules, clock: { now: () => new Date(0) } };
    await processImage(
      { bucket: BUCKET, key },
      new Date(0),
      { inFlight: 1 },
      {
        ...options,
        budgets: { rules: [], defaultMs: 1 },
        maxBytes: 100,
      },
    );
  }
  return tableName;
}

/** What readers can see: no tombstones, no revisions, no times, nor whether postings are known to be written. A tag stays listed when no image has it any more. */
async function visible(tableName: string): Promise<unknown[]> {
  const items = await dynamo.items(tableName);
  return items
    .filter(({ pk, dead, expiresAt }) => !isTagName(pk) && !dead && expiresAt === undefined)
    .map(({ pk, sk, record, live, stale, outcomePk, facts }) => {
      if (!record) return { pk, sk, stale, facts: withoutTime(facts) };
      const { image, outcome, reason, tags, broader, model } = record as Record<string, unknown>;
      return { pk, sk, live, stale, outcomePk, image, outcome, reason, tags, broader, model };
    })
    .sort((a, b) => `${a.pk} ${a.sk}`.localeCompare(`${b.pk} ${b.sk}`));
}

function withoutTime(facts: unknown): unknown {
  if (facts === undefined) return undefined;
  const { taggedAt, ...others } = JSON.parse(String(facts));
  return others;
}

/** Names that find images, and pairs of a name and the one below it, that the table does not list. */
async function unlisted(tableName: string): Promise<string[]> {
  const items = await dynamo.items(tableName);
  const listed = new Set(items.filter(({ pk }) => isTagName(pk)).map(({ pk, sk }) => `${pk} ${sk}`));
  const needed = items.flatMap(({ record }) =>
    ((record as ImageRecord | undefined)?.tags ?? []).flatMap(({ name, parents }) => [
      `V ${name}`,
      ...parents.flatMap((parent) => [`V ${parent}`, `B ${parent}#${name}`]),
    ]),
  );
  return needed.filter((each) => !listed.has(each));
}

function isTagName(pk: unknown): boolean {
  return pk === 'V' || pk === 'B';
}

test('any duplication, reordering, re-upload, removal and crash ends in the table of a calm run', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (given) => {
      const { tableName, bucket } = await stormyRun(given);
      expect(await visible(tableName)).toEqual(await visible(await calmRun(bucket)));
      expect(await unlisted(tableName)).toEqual([]);
    }),
    { numRuns: Number(process.env.EXACTLY_ONCE_RUNS ?? 100), seed: Number(process.env.EXACTLY_ONCE_SEED ?? 1) },
  );
}, 600_000);
