import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ImageRecord } from '@tagmill/core';
import { writeUnitsOf } from '../../../test/helpers/write-units.ts';
import {
  correctImage,
  findUnindexed,
  type ImageState,
  MAX_NAMES,
  type PersonsTag,
  TagQueries,
  TagStore,
} from '../src/index.ts';
import { KILLED, storeThatDies } from './dying-store.ts';
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

const table = () => ({ client: dynamo.client, tableName });
const dying = (afterWrites: number) => storeThatDies(table(), { afterWrites });

async function write(seen: ImageState, next: ImageRecord | undefined, sequencer?: string, by = store) {
  await by.write(seen, { sequencer, record: next, lastModified: at, at });
}

async function postings(alive = true) {
  const items = await dynamo.items(tableName);
  const found = items.filter(({ pk, dead }) => String(pk).startsWith('T#') && !dead === alive);
  return found.map(({ pk }) => String(pk).split('#')[1]).sort();
}

describe('a written image', () => {
  test('is read back as it was written, with a posting a tag, and none of what the tag brings along', async () => {
    expect(await store.read(name)).toMatchObject({ status: 'absent', revision: 0 });
    await write(await store.read(name), dog, '0A');
    expect(await store.read(name)).toMatchObject({ status: 'written', sequencer: '0A', lastModified: at, record: dog });
    expect(await store.readRecord(name)).toEqual(dog);
    expect(await postings()).toEqual(['collie']);
  });

  test('keeps its fingerprint when a person corrects it, and gives it to whom asks', async () => {
    const fingerprint = { hash: '00112233445566ff', sharpness: 12, space: 'test-4-abc', embedding: 'AQL+/w==' };
    await store.write(await store.read(name), { record: dog, fingerprint, at });
    const correction = { add: [{ name: 'pet', parents: [] }], remove: [], forget: [] };
    const options = { store, now: () => new Date(), announce: async () => {}, rules: undefined };
    const corrected = await correctImage(name, correction, options);
    expect(await store.read(name)).toMatchObject({ fingerprint, record: corrected });
    const queries = new TagQueries(table());
    expect((await queries.find({ limit: 1 })).records).toEqual([corrected]);
    expect((await queries.find({ limit: 1, fingerprint: true })).records).toEqual([{ ...corrected, fingerprint }]);
  });

  test('keeps its time of tagging when it is corrected, unless its outcome changes', async () => {
    await write(await store.read(name), dog);
    const correct = (correction: { add?: PersonsTag[]; remove?: { name: string }[]; forget?: string[] }) => {
      const now = () => new Date('2026-02-03T04:05:06Z');
      const options = { store, now, announce: async () => {}, rules: undefined };
      return correctImage(name, { add: [], remove: [], forget: [], ...correction }, options);
    };
    expect(await correct({ add: [{ name: 'pet', parents: [] }] })).toMatchObject({ taggedAt: dog.taggedAt });
    const empty = await correct({ forget: ['pet'], remove: [{ name: 'collie' }] });
    expect(empty).toMatchObject({ outcome: 'empty', taggedAt: '2026-02-03T04:05:06.000Z' });
    expect(await store.readRecord(name)).toEqual(empty);
    const { records } = await new TagQueries(table()).find({ expression: 'tagged>=2026-02', limit: 1 });
    expect(records).toEqual([empty]);
  });

  test('loses the postings of its old tags when it is tagged anew', async () => {
    await write(await store.read(name), dog);
    await write(await store.read(name), cat);
    expect(await postings()).toEqual(['tabby']);
    expect(await postings(false)).toEqual(['collie']);
    expect(await store.read(name)).toMatchObject({ status: 'indexed', record: cat, stale: [] });
  });

  test('leaves nothing alive when it is removed, and tombstones that expire a day later', async () => {
    await write(await store.read(name), dog);
    await write(await store.read(name), undefined, '0B');
    expect(await store.readRecord(name)).toBeUndefined();
    expect(await postings()).toEqual([]);
    const items = (await dynamo.items(tableName)).filter(({ pk }) => pk !== 'V' && pk !== 'B');
    expect(items).toHaveLength(2);
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

describe('a worker that another one came before', () => {
  test('cannot write once another has', async () => {
    const [first, second] = [await store.read(name), await store.read(name)];
    await write(first, dog);
    await expect(write(second, cat)).rejects.toMatchObject({ code: 'conflict', retryable: true });
    expect(await store.readRecord(name)).toEqual(dog);
    expect(await postings()).toEqual(['collie']);
  });

  test('cannot bring back a posting that is dead, nor kill one that is alive', async () => {
    await expect(write(await store.read(name), dog, undefined, dying(1))).rejects.toMatchObject(KILLED);
    const zombie = await store.read(name);
    await write(zombie, cat);
    await expect(store.finish(zombie, at)).rejects.toMatchObject({ code: 'conflict' });
    expect(await postings()).toEqual(['tabby']);
  });

  test('cannot note that old postings are dead of an image that is another one’s by now', async () => {
    await write(await store.read(name), dog);
    const [isReached, goesOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const send = async (command: Parameters<typeof dynamo.client.send>[0]) => {
      if ('UpdateExpression' in command.input) {
        isReached.resolve();
        await goesOn.promise;
      }
      return dynamo.client.send(command);
    };
    const sleepy = new TagStore({ ...table(), client: { send } as unknown as typeof dynamo.client });
    const zombie = write(await store.read(name), cat, undefined, sleepy);
    await isReached.promise;
    const bee = record(name.key, [tag('bee', 0.9)]);
    await expect(write(await store.read(name), bee, undefined, dying(1))).rejects.toMatchObject(KILLED);
    goesOn.resolve();
    await expect(zombie).rejects.toMatchObject({ code: 'conflict' });
    await store.finish(await store.read(name), at);
    expect(await postings()).toEqual(['bee']);
  });

  test('cannot write what a later event confirmed', async () => {
    await write(await store.read(name), dog, '05');
    const seen = await store.read(name);
    await store.confirm(await store.read(name), { sequencer: '09', at });
    await expect(write(seen, cat)).rejects.toMatchObject({ code: 'conflict' });
    expect(await store.read(name)).toMatchObject({ status: 'indexed', sequencer: '09', record: dog });
  });

  test('cannot remove an image that it has not seen', async () => {
    const seen = await store.read(name);
    await write(seen, dog);
    await expect(write(seen, undefined)).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('a worker that is killed', () => {
  // Each name and what is below it, the record, the postings, the note that the old ones are dead.
  test.each([0, 1, 2, 3, 4, 5, 6, 7])('after %d writes leaves what the next one can finish', async (afterWrites) => {
    await write(await store.read(name), dog);
    const worker = dying(afterWrites);
    await write(await worker.read(name), cat, undefined, worker).catch((error) => expect(error).toMatchObject(KILLED));
    const left = await store.read(name);
    if (afterWrites === 0) expect(left.record).toEqual(dog);
    else expect(left.record).toEqual(cat);
    await store.finish(left, at);
    const finished = await store.read(name);
    expect(finished).toMatchObject({ record: left.record, stale: [] });
    expect(await postings()).toEqual(afterWrites === 0 ? ['collie'] : ['tabby']);
    expect(await findUnindexed(table(), [finished])).toEqual(new Set());
  });

  test('leaves old postings to whoever writes next, however many are killed', async () => {
    await write(await store.read(name), dog);
    for (const next of [cat, record(name.key, [tag('bee', 0.9)])]) {
      await expect(write(await store.read(name), next, undefined, dying(1))).rejects.toMatchObject(KILLED);
    }
    await write(await store.read(name), cat);
    expect(await postings()).toEqual(['tabby']);
  });

  test('while it removes an image leaves a tombstone that stays until all postings are dead', async () => {
    await write(await store.read(name), dog);
    await expect(write(await store.read(name), undefined, '0B', dying(1))).rejects.toMatchObject(KILLED);
    const image = async () => (await dynamo.items(tableName)).find(({ pk }) => String(pk).startsWith('I#'))!;
    expect((await image()).expiresAt).toBeUndefined();
    await store.finish(await store.read(name), at);
    expect((await image()).expiresAt).toBe(at.getTime() / 1000 + 24 * 60 * 60);
    expect(await postings()).toEqual([]);
  });

  test('is noticed, whether a posting is missing, an older write’s, or dead', async () => {
    const isFound = async () => (await findUnindexed(table(), [await store.read(name)])).size === 0;
    await expect(write(await store.read(name), dog, undefined, dying(1))).rejects.toMatchObject(KILLED);
    expect(await isFound()).toBe(false);
    await store.finish(await store.read(name), at);
    expect(await isFound()).toBe(true);
    await expect(write(await store.read(name), dog, undefined, dying(1))).rejects.toMatchObject(KILLED);
    expect(await isFound()).toBe(false);
    await write(await store.read(name), cat);
    await expect(write(await store.read(name), dog, undefined, dying(1))).rejects.toMatchObject(KILLED);
    expect(await isFound()).toBe(false);
  });

  test('had its postings, so that who comes next writes nothing', async () => {
    await write(await store.read(name), dog);
    const seen = await store.read(name);
    expect(await writeUnitsOf(dynamo.client, () => store.finish(seen, at))).toBe(0);
  });

  test('is finished by a confirmation, before that hides its revision', async () => {
    await expect(write(await store.read(name), dog, '05', dying(1))).rejects.toMatchObject(KILLED);
    await store.confirm(await store.read(name), { sequencer: '09', at });
    expect(await postings()).toEqual(['collie']);
    expect(await store.read(name)).toMatchObject({ status: 'indexed', record: dog });
  });
});

describe('what an image costs', () => {
  const units = (work: () => Promise<void>) => writeUnitsOf(dynamo.client, work);
  /** By outcome and time. */
  const INDEX_ENTRY = 1;

  test('is a unit for each kilobyte of the record, one for its index entry, and one a posting', async () => {
    await write(await store.read({ ...name, key: 'another.jpg' }), dog);
    expect(await units(async () => write(await store.read(name), dog, '0A'))).toBe(1 + INDEX_ENTRY + 1);
  });

  test('is a unit more for each name that no image had before, and for what each is found through', async () => {
    await write(await store.read(name), dog);
    const [names, through] = [2, 2];
    const another = await store.read({ ...name, key: 'another.jpg' });
    expect(await units(async () => write(another, cat))).toBe(1 + INDEX_ENTRY + 1 + names + through);
    const elsewhere = new TagStore(table());
    const seen = await elsewhere.read({ ...name, key: 'third.jpg' });
    expect(await units(() => write(seen, cat, undefined, elsewhere))).toBe(1 + INDEX_ENTRY + 1);
  });

  test('has a ceiling, however many tags it has and however long its key is', async () => {
    const key = `${'k'.repeat(1000)}.jpg`;
    const tags = Array.from({ length: 50 }, (_, i) => tag(`an ordinary tag ${i}`, 0.5, `a broader tag ${i}`));
    const crowded = record(key, tags, {
      broader: tags.map(({ name }) => ({ name: `${name} b`, confidence: 0.5 })),
    });
    const [ofRecord, ofNames] = [3, MAX_NAMES];
    expect(await units(async () => write(await store.read({ ...name, key }), crowded, '0A'))).toBeLessThanOrEqual(
      ofRecord + INDEX_ENTRY + MAX_NAMES + ofNames,
    );
    const items = await dynamo.items(tableName);
    expect(items.filter(({ pk }) => String(pk).startsWith('T#'))).toHaveLength(MAX_NAMES);
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
