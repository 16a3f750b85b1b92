import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parseMessage, processImage, StoredRulesInForce } from '@tagmill/pipeline';
import { hashRules } from '@tagmill/rules';
import { RulesStore, scanImages, TagStore, type TagStoreOptions } from '@tagmill/tag-store';
import { FakeBucket, fakeTagger } from '../../pipeline/test/fake-bucket.ts';
import { startDynamo, type TemporaryDynamo } from '../../tag-store/test/temporary-table.ts';
import { applyRules, compareRules } from '../src/index.ts';

const rules = { tags: { collie: { rename: 'sheepdog' }, lemon: { hidden: true } } };
const set = { rules, version: hashRules(rules) };
const IMAGES = 25;

const mustBeReadable = ({ fault }: { fault: string }) => {
  throw new Error(fault);
};
const mustBeTaken = ({ reason }: { reason: string }) => {
  throw new Error(reason);
};

let dynamo: TemporaryDynamo;
let table: TagStoreOptions;
let bucket: FakeBucket;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.close());

async function handle(event: Parameters<typeof processImage>[0]) {
  const options = { store: new TagStore(table), objects: bucket, tagger: fakeTagger, maxBytes: 100 };
  const inForce = new StoredRulesInForce({ store: new RulesStore(table) });
  const more = { rules: inForce, budgets: { rules: [], defaultMs: 1 }, clock: { now: () => new Date(0) } };
  return processImage(event, new Date(0), { inFlight: 1 }, { ...options, ...more });
}

beforeEach(async () => {
  table = { client: dynamo.client, tableName: await dynamo.createTable() };
  bucket = new FakeBucket();
  for (let i = 0; i < IMAGES; i++) {
    await handle(bucket.put(`${i}.jpg`, ['collie 0.8 dog', 'pug 0.7 dog', 'lemon 0.6', 'corrupt', ''][i % 5]!));
  }
});

/** The tagging function, at once; what it doesn't take is lost. */
const queue = (takes: (sent: number) => boolean = () => true) => {
  let sent = 0;
  return {
    send: async (bodies: readonly string[]) => {
      for (const body of bodies) if (takes(sent++)) await handle(parseMessage(body).events[0]!);
    },
    depth: async () => ({ waiting: 0, inFlight: 0 }),
    sent: () => sent,
  };
};
const apply = async (to: ReturnType<typeof queue>) => {
  const { enqueued } = await applyRules({
    change: () => ({ rules }),
    store: new RulesStore(table),
    images: () => scanImages(table, mustBeReadable),
    queue: to,
    ratePerSecond: 10_000,
    onRefused: mustBeTaken,
  });
  return enqueued;
};
const compare = () =>
  compareRules({
    images: scanImages(table, mustBeReadable),
    set,
    rename: (scores, by) => fakeTagger.rename(scores, by),
  });

describe('rules that are tried', () => {
  test('tell what they would change, and change nothing', async () => {
    const before = await dynamo.items(table.tableName);
    expect(await compare()).toMatchObject({
      images: 20,
      changed: 10,
      gained: { sheepdog: 5 },
      lost: { collie: 5, lemon: 5 },
      unknownLabels: 0,
      examples: expect.arrayContaining([
        expect.objectContaining({ before: ['collie', 'dog'], after: ['sheepdog', 'dog'] }),
        expect.objectContaining({ before: ['lemon'], after: [] }),
      ]),
    });
    expect(await dynamo.items(table.tableName)).toEqual(before);
  });
});

describe('rules that are applied', () => {
  test('name all images that were looked at, once, and read none again', async () => {
    const { reads } = bucket;
    const before = reads.length;
    expect(await apply(queue())).toBe(20);
    expect(reads).toHaveLength(before);
    expect(await compare()).toMatchObject({ images: 20, changed: 0 });
    expect(await apply(queue())).toBe(0);
    const records = (await Array.fromAsync(scanImages(table, mustBeReadable))).map(({ record }) => record!);
    expect(records.filter(({ outcome }) => outcome === 'empty')).toHaveLength(10);
    expect(records.filter(({ tags }) => tags[0]?.name === 'sheepdog')).toHaveLength(5);
  });

  test('are enqueued again for images whose message was lost', async () => {
    expect(await apply(queue((sent) => sent >= 20 || sent % 2 === 0))).toBe(30);
    expect(await compare()).toMatchObject({ changed: 0 });
  });

  test('are said not to be everywhere if some images stay as they are', async () => {
    await expect(apply(queue(() => false))).rejects.toMatchObject({
      code: 'unavailable',
      message: '20 images are still named by other rules: look at the dead letters',
    });
  });

  test('give way to rules that are put meanwhile', async () => {
    const other = {
      send: async () => new RulesStore(table).put({ version: 'other', text: '{"tags":{}}' }, new Date()),
    };
    await expect(apply({ ...queue(), ...other })).rejects.toMatchObject({ code: 'conflict' });
  });
});
