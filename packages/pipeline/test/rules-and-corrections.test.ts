import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { TagmillError } from '@tagmill/core';
import { type Correction, correctImage, documentClient, RulesStore, scanImages, TagStore } from '@tagmill/tag-store';
import fc from 'fast-check';
import { unpacked } from '../../../test/helpers/unpacked.ts';
import { KILLED, storeThatDies } from '../../tag-store/test/dying-store.ts';
import { startDynamo, type TemporaryDynamo } from '../../tag-store/test/temporary-table.ts';
import {
  type ImageEvent,
  processImage,
  StoredRulesInForce,
  storeRuleSet,
  type VersionedRuleSet,
} from '../src/index.ts';
import { recordFailure } from '../src/process-image.ts';
import { isNamedByOthers } from '../src/rename-image.ts';
import { BUCKET, FakeBucket, fakeTagger, noRules } from './fake-bucket.ts';
import { correctionOf, expectedNames, NO_SET, RULE_SETS, SAYINGS, type Said, TEXTS } from './naive-names.ts';

/**
 * docs/decisions/16-rules.md, tried: while workers tag, people correct, and rules and taught tags change, every request to DynamoDB and S3 a step, steps
 * in any order, anyone killed before any of them. In the end the postings are those of a naive model, which knows the object, the rules,
 * and people's words about its present content.
 */
const KEY = 'a.jpg';
/** Tagging at once: more of them keep each other from one image for long. */
const WORKERS = 3;

const action = fc.oneof(
  { weight: 2, arbitrary: fc.record({ put: fc.constantFrom(...TEXTS) }) },
  { weight: 1, arbitrary: fc.constant({ put: undefined }) },
  { weight: 3, arbitrary: fc.record({ rules: fc.nat(RULE_SETS.length - 1) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      correct: fc.constantFrom(...SAYINGS),
    }),
  },
);

const scenario = fc.record({
  first: fc.constantFrom(...TEXTS),
  actions: fc.array(action, { minLength: 1, maxLength: 10 }),
  order: fc.array(fc.nat(1000), { maxLength: 300, size: 'max' }),
  /** Whether who makes a request is killed before it. */
  kills: fc.array(fc.constantFrom(false, false, false, false, false, false, false, true), {
    maxLength: 60,
    size: 'max',
  }),
});

type Scenario = typeof scenario extends fc.Arbitrary<infer Value> ? Value : never;

class Killed extends Error {}

/** Whoever works: a tagging function, a person's request, or who puts rules in force. */
interface Actor {
  isKilled: boolean;
  /** A person's word. It counts from the write that shows it, even if the writer is killed. */
  says?: Said;
}

let dynamo: TemporaryDynamo;

beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.close());

interface Model {
  sha256: string | undefined;
  said: Said[];
}

async function run({ first, actions, order, kills }: Scenario) {
  const tableName = await dynamo.createTable();
  const bucket = new FakeBucket();
  const queue: ImageEvent[] = [];
  const steps: (() => Promise<void>)[] = [];
  const clients: ReturnType<typeof documentClient>[] = [];
  const pendingKills = [...kills];
  const model: Model = { sha256: undefined, said: [] };
  let active = 0;
  let workers = 0;
  let fault: unknown;

  const gate = <T>(actor: Actor, request: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      steps.push(async () => {
        actor.isKilled ||= pendingKills.shift() ?? false;
        await (actor.isKilled ? Promise.reject(new Killed()) : request()).then(resolve, reject);
      });
    });
  const tableOf = (actor: Actor) => {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const client = documentClient({ endpoint: dynamo.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
    clients.push(client);
    client.middlewareStack.add(
      (next) => (args) =>
        gate(actor, async () => {
          const answer = await next(args);
          watch(model, args.input as Written, actor.says);
          return answer;
        }),
      { step: 'initialize', name: 'gate' },
    );
    return { client, tableName };
  };
  const start = async (work: (actor: Actor) => Promise<void>, says?: Said): Promise<Actor> => {
    active++;
    const actor: Actor = { isKilled: false, ...(says && { says }) };
    await work(actor).catch((error) => {
      if (!actor.isKilled && !(error instanceof TagmillError)) fault = error;
    });
    active--;
    return actor;
  };

  const deliver = (event: ImageEvent) =>
    start(async (actor) => {
      workers++;
      const table = tableOf(actor);
      try {
        await processImage(
          event,
          new Date(0),
          { inFlight: 1 },
          {
            store: new TagStore(table),
            rules: new StoredRulesInForce({ store: new RulesStore(table) }),
            objects: { open: (name) => gate(actor, () => bucket.open(name)) },
            tagger: fakeTagger,
            budgets: { rules: [], defaultMs: 1 },
            maxBytes: 100,
            clock: { now: () => new Date(0) },
          },
        );
      } catch (error) {
        if (!actor.isKilled && !(error instanceof TagmillError)) throw error;
        queue.push(event);
      } finally {
        workers--;
      }
    });
  const send = (event: ImageEvent) => void queue.push(event);
  const correct = (said: Said) =>
    start(async (actor) => {
      const rules = new StoredRulesInForce({ store: new RulesStore(tableOf(actor)) });
      // Words that may be out of date by the time that they are said.
      const words = await rules.refresh();
      await correctImage({ bucket: BUCKET, key: KEY }, correctionOf(said, words.rules), {
        store: new TagStore(tableOf(actor)),
        now: () => new Date(0),
        rules: words.version,
        announce: async () => send({ bucket: BUCKET, key: KEY, isRevisit: true }),
        pauseMs: 0,
      });
    }, said);
  const apply = (set: VersionedRuleSet) =>
    start(async (actor) => {
      const table = tableOf(actor);
      await new RulesStore(table).put(storeRuleSet(set), new Date(0));
      for await (const image of scanImages(table, ({ fault }) => {
        throw new Error(fault);
      })) {
        if (isNamedByOthers(image, set)) send({ ...image.name, isRevisit: true });
      }
    }).then((actor) => {
      // Run again, as its user would.
      if (actor.isKilled) apply(set);
    });

  send(bucket.put(KEY, first));
  const script = [...actions];
  for (let turn = 0; ; turn++) {
    if (turn > 2000) throw new Error('It does not come to rest');
    await setImmediate();
    if (fault) throw fault;
    const possible: (() => unknown)[] = [
      ...steps.map((step, i) => () => {
        steps.splice(i, 1);
        return step();
      }),
      ...(workers < WORKERS ? queue : []).map((event, i) => () => {
        queue.splice(i, 1);
        deliver(event);
      }),
    ];
    // What is done to an image before it is there does little.
    const [next] = model.sha256 === undefined && active > 0 ? [] : script;
    if (next) {
      possible.push(() => {
        script.shift();
        if ('correct' in next) correct(next.correct);
        else if ('rules' in next) apply(RULE_SETS[next.rules]!);
        else send(next.put === undefined ? bucket.remove(KEY) : bucket.put(KEY, next.put));
      });
    }
    if (possible.length > 0) await possible[(order[turn] ?? turn) % possible.length]!();
    else if (active === 0) break;
  }
  const version = await new RulesStore({ client: dynamo.client, tableName }).version();
  const set = RULE_SETS.find((each) => each.version === version) ?? NO_SET;
  for (const client of clients) client.destroy();
  return { tableName, bucket, set, said: model.said };
}

type Written = { Item?: { pk: string; sk: string; record?: { image: { sha256?: string } } } };

/** What was said of a content is forgotten when the table shows another, or none. */
function watch(model: Model, { Item: item }: Written, says: Said | undefined): void {
  if (!item?.pk?.startsWith('I#')) return;
  const { sha256 } = unpacked(item).record?.image ?? {};
  if (sha256 !== model.sha256) model.said = [];
  model.sha256 = sha256;
  if (says) model.said.push(says);
}

test('in any order of tagging, correcting, changing rules and removing, the postings are what a naive model says', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (given) => {
      const { tableName, bucket, set, said } = await run(given);
      const items = await dynamo.items(tableName);
      const live = items
        .filter(({ pk, dead }) => String(pk).startsWith('T#') && !dead)
        .map(({ pk, sk }): [string, number] => [String(pk).split('#')[1]!, 10_000 - Number(String(sk).split('#')[0])]);
      const [object] = await Array.fromAsync([KEY], (key) => bucket.open({ bucket: BUCKET, key }));
      const text = object && Buffer.from(await object.read()).toString();
      expect(live.sort()).toEqual(expectedNames(text, set, said).postings);
      expect(items.filter(({ stale }) => stale)).toEqual([]);
    }),
    { numRuns: Number(process.env.RULES_RUNS ?? 40), seed: Number(process.env.RULES_SEED ?? 1) },
  );
}, 600_000);

describe('an image', () => {
  const name = { bucket: BUCKET, key: KEY };
  const renaming = RULE_SETS[1]!;
  let bucket: FakeBucket;
  let table: { client: ReturnType<typeof documentClient>; tableName: string };
  let store: TagStore;

  beforeEach(async () => {
    bucket = new FakeBucket();
    table = { client: dynamo.client, tableName: await dynamo.createTable() };
    store = new TagStore(table);
  });

  const putRules = () => new RulesStore(table).put(storeRuleSet(renaming), new Date(0));
  const handle = async (
    event: ImageEvent,
    rulesStore: Pick<RulesStore, 'version' | 'text'> = new RulesStore(table),
  ) => {
    const rules = new StoredRulesInForce({ store: rulesStore });
    const options = { store, rules, objects: bucket, tagger: fakeTagger, clock: { now: () => new Date(0) } };
    const limits = { budgets: { rules: [], defaultMs: 1 }, maxBytes: 100 };
    return (await processImage(event, new Date(0), { inFlight: 1 }, { ...options, ...limits })).result;
  };
  const correct = (correction: Partial<Correction>) =>
    correctImage(
      name,
      { add: [], remove: [], forget: [], ...correction },
      { store, now: () => new Date(0), rules: undefined, announce: async () => {}, pauseMs: 0 },
    );
  const words = async () => (await store.readRecord(name))!.tags.map((tag) => tag.name);

  test('that is being tagged while rules are put is named by those', async () => {
    const event = bucket.put(KEY, 'collie 0.8 dog');
    bucket.beforeOpen = putRules;
    expect(await handle(event)).toBe('renamed');
    expect((await store.read(name)).fingerprint).toMatchObject({ hash: '00112233445566ff' });
    expect(await words()).toEqual(['sheepdog']);
    expect(bucket.reads).toHaveLength(1);
  });

  test('whose worker dies before it asks for the rules is named by them when its message returns', async () => {
    const event = bucket.put(KEY, 'collie 0.8 dog');
    const dying = { ...new RulesStore(table), version: () => Promise.reject(new Killed()), text: async () => '' };
    await expect(handle(event, dying)).rejects.toBeInstanceOf(Killed);
    await putRules();
    expect(await handle(event)).toBe('renamed');
    expect(await words()).toEqual(['sheepdog']);
  });

  test('that is called by new rules as it was by old ones costs one write', async () => {
    await handle(bucket.put(KEY, 'pug 0.8 dog'));
    await putRules();
    const { revision } = await store.read(name);
    expect(await handle({ ...name, isRevisit: true })).toBe('renamed');
    expect(await store.read(name)).toMatchObject({ revision: revision + 1, rules: renaming.version });
    expect(await handle({ ...name, isRevisit: true })).toBe('skipped');
  });

  test('that is corrected while its postings are still to be written ends with those of the correction', async () => {
    const event = bucket.put(KEY, 'collie 0.8 dog');
    const dying = storeThatDies(table, { afterWrites: 1 });
    const killed = processImage(
      event,
      new Date(0),
      { inFlight: 1 },
      {
        ...{ store: dying, rules: noRules, objects: bucket, tagger: fakeTagger, clock: { now: () => new Date(0) } },
        ...{ budgets: { rules: [], defaultMs: 1 }, maxBytes: 100 },
      },
    );
    await expect(killed).rejects.toMatchObject(KILLED);
    await correct({ add: [{ name: 'pug', parents: ['dog'] }], remove: [{ name: 'collie' }] });
    expect(await handle(event)).toBe('skipped');
    const items = await dynamo.items(table.tableName);
    const alive = items.filter(({ pk, dead }) => String(pk).startsWith('T#') && !dead);
    expect(alive.map(({ pk }) => pk)).toEqual(['T#pug']);
  });

  test('keeps corrections through a failure and the same content, and loses them with another', async () => {
    await handle(bucket.put(KEY, 'collie 0.8 dog'));
    await correct({ add: [{ name: 'party', parents: [] }], remove: [{ name: 'collie' }] });
    const again = bucket.put(KEY, 'collie 0.8 dog');
    await recordFailure(again, 9, { store, tagger: fakeTagger, clock: { now: () => new Date(0) } });
    expect(await words()).toEqual([]);
    await handle(again);
    expect(await words()).toEqual(['party']);
    await handle(bucket.put(KEY, 'tabby 0.7 cat'));
    expect(await words()).toEqual(['tabby']);
    await handle(bucket.put(KEY, 'collie 0.8 dog'));
    expect(await words()).toEqual(['collie']);
  });
});
