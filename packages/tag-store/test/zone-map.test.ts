import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ImageRecord } from '@tagmill/core';
import { fillTable } from '../../../test/helpers/stored-records.ts';
import { correctImage, type PersonsTag, TagQueries, TagStore, type TagStoreOptions, ZoneMap } from '../src/index.ts';
import { record, tag } from './records.ts';
import { startDynamo, type TemporaryDynamo } from './temporary-table.ts';

const PHOTOS = 400;
/** Each folder has twenty, which were tagged one after the other; so has each month. */
const IN_FOLDER = 20;
const FIRST = Date.UTC(2026, 0, 1);
/** Younger entries are not mapped. */
const SETTLED_MS = 60 * 60 * 1000;
const at = new Date(FIRST);

let dynamo: TemporaryDynamo;
let table: TagStoreOptions;
let records: ImageRecord[];
let queries: TagQueries;
beforeAll(async () => {
  dynamo = await startDynamo();
  await fill();
});
afterAll(() => dynamo.close());
beforeEach(() => {
  queries = openQueries();
});

async function fill({ untagged = 0 } = {}) {
  table = { client: dynamo.client, tableName: await dynamo.createTable() };
  records = Array.from({ length: PHOTOS }, (_, i) => photo(i));
  // From the first second to the last.
  const empty = Array.from({ length: untagged }, (_, i): ImageRecord => {
    const taggedAt = new Date(FIRST + ((i + 0.5) * PHOTOS * 1000) / untagged).toISOString();
    return { ...photo(PHOTOS + i), tags: [], outcome: 'empty', taggedAt };
  });
  await fillTable(table, [...records, ...empty]);
  queries = openQueries();
}

const openQueries = (
  options: ConstructorParameters<typeof ZoneMap>[1] = {},
  { client }: Pick<TagStoreOptions, 'client'> = table,
) =>
  new TagQueries({
    ...table,
    maxExamined: 6,
    zones: new ZoneMap({ ...table, client }, { zoneEntries: 8, ...options }),
  });

/** A client that tells which partitions it is asked for, and may be faulty. */
function watchReads(fault: (partition: string, isFirst: boolean) => Promise<void> = async () => {}) {
  const reads: string[] = [];
  const send = async (command: { input: { ExpressionAttributeValues: { ':pk': string } } }) => {
    const partition = command.input.ExpressionAttributeValues[':pk'];
    const isFirst = !reads.includes(partition);
    reads.push(partition);
    await fault(partition, isFirst);
    return dynamo.client.send(command as unknown as Parameters<typeof dynamo.client.send>[0]);
  };
  return { reads, client: { send } as unknown as TagStoreOptions['client'] };
}

function photo(i: number, key = keyOf(i)): ImageRecord {
  const folder = Math.floor(i / IN_FOLDER);
  const takenAt =
    i % 7 === 0 ? undefined : new Date(Date.UTC(2005, folder, 1 + (i % IN_FOLDER))).toISOString().slice(0, 19);
  const { image } = record('any', []);
  return record('any', [tag('dog', 0.5)], {
    image: { ...image, key, ...(takenAt && { takenAt }) } as ImageRecord['image'],
    taggedAt: new Date(FIRST + i * 1000).toISOString(),
  });
}

function keyOf(i: number): string {
  return `trips/Folder ${Math.floor(i / IN_FOLDER)}/IMG_${String(i).padStart(4, '0')}.jpg`;
}

async function search(expression: string, asked = queries) {
  const found = { keys: [] as string[], pages: 0, examined: 0, readUnits: 0 };
  let cursor: string | undefined;
  do {
    const { plan, ...page } = await asked.find({ expression, limit: 50, cursor });
    found.keys.push(...page.records.map(({ image }) => (image as { key: string }).key));
    found.pages++;
    found.examined += plan.examined;
    found.readUnits += plan.readUnits;
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found;
}

const newestFirst = (isOne: (i: number) => boolean) =>
  Array.from(records.keys(), (i) => PHOTOS - 1 - i)
    .filter(isOne)
    .map(keyOf);

describe('a question about names or dates', () => {
  test.each<[string, (i: number) => boolean]>([
    ['name:img_0123', (i) => i === 123],
    ['name:012', (i) => i >= 120 && i < 130],
    ['name:"folder 3"', (i) => Math.floor(i / IN_FOLDER) === 3],
    ['"folder 1"', (i) => Math.floor(i / IN_FOLDER) === 1 || i >= 10 * IN_FOLDER],
    ['folder:"trips/folder 4"', (i) => Math.floor(i / IN_FOLDER) === 4],
    ['taken:2006-03', (i) => Math.floor(i / IN_FOLDER) === 14 && i % 7 !== 0],
    ['taken:2006-03-05', (i) => i === 284],
    ['march 2006', (i) => Math.floor(i / IN_FOLDER) === 14 && i % 7 !== 0],
    ['taken<2005-02 name:folder', (i) => i < IN_FOLDER && i % 7 !== 0],
    ['taken>2006-07 and not name:0390', (i) => i >= 380 && i % 7 !== 0 && i !== 390],
    ['name:img_0001 or taken:2006-08', (i) => i === 1 || (i >= 380 && i % 7 !== 0)],
    ['nowhere', () => false],
  ])('finds all images, in the same order, once mapped: %s', async (expression, isOne) => {
    const first = await search(expression);
    const again = await search(expression);
    const expected = newestFirst(isOne);
    expect(first.keys).toEqual(expected);
    expect(again.keys).toEqual(first.keys);
    expect(again.examined).toBeLessThanOrEqual(Math.max(1, first.keys.length) * 8 + 8);
  });

  test('passes over what holds no answer: fewer pages and read units', async () => {
    const { pages } = await search('name:img_0007');
    const again = await search('name:img_0007');
    expect(pages).toBeLessThan(4);
    expect(again).toMatchObject({ keys: [keyOf(7)], pages: 1 });
    expect(again.examined).toBeLessThanOrEqual(8);
  });

  test('is mapped a piece a page where the index is long, and finds the same', async () => {
    const slow = openQueries({ readingMs: 0 });
    const expected = newestFirst((i) => Math.floor(i / IN_FOLDER) === 4);
    for (let turn = 0; turn < 4; turn++) {
      expect((await search('folder:"trips/folder 4"', slow)).keys).toEqual(expected);
    }
  });

  test('does not read the index again at each page', async () => {
    await search('nowhere');
    const { readUnits, ...found } = await search('elsewhere');
    expect(found).toEqual({ keys: [], pages: 1, examined: 0 });
    // Half a unit a partition, and a little more for what is not mapped.
    expect(readUnits).toBeLessThan(10);
  });

  test('of tags or times of tagging alone is not mapped', async () => {
    const { examined } = await search('not cat');
    expect(examined).toBe(PHOTOS);
  });

  test('finds what was tagged, tagged anew, and gone after the index was mapped', async () => {
    await fill();
    await search('nowhere');
    const store = new TagStore(table);
    const write = async (i: number, taggedAt: string, key = keyOf(i)) =>
      store.write(await store.read({ bucket: 'photos', key }), { record: { ...photo(i, key), taggedAt }, at });
    await write(7, new Date().toISOString());
    await write(900, new Date().toISOString(), 'new/img_0007.jpg');
    await store.write(await store.read({ bucket: 'photos', key: keyOf(9) }), { at });
    expect((await search('name:img_0007')).keys).toEqual(['new/img_0007.jpg', keyOf(7)]);
    expect((await search('name:img_0009')).keys).toEqual([]);
  });

  test('finds mapped images whose last tag was taken away, or that got their first', async () => {
    await fill({ untagged: 20 });
    const store = new TagStore(table);
    const correct = (i: number, correction: { add?: PersonsTag[]; remove?: { name: string }[] }) =>
      correctImage(
        { bucket: 'photos', key: keyOf(i) },
        { add: [], remove: [], forget: [], ...correction },
        { store, now: () => new Date(), announce: async () => {}, rules: undefined },
      );
    await search('nowhere');
    // Of twenty, each shard has some: that of an image has mapped entries before and behind its time.
    for (const i of [30, 31, 32, 33]) {
      expect(await correct(i, { remove: [{ name: 'dog' }] })).toMatchObject({ outcome: 'empty' });
      expect((await search(`name:${String(i).padStart(4, '0')}`)).keys).toEqual([keyOf(i)]);
    }
    for (const i of [PHOTOS, PHOTOS + 1]) {
      expect(await correct(i, { add: [{ name: 'cat', parents: [] }] })).toMatchObject({ outcome: 'tagged' });
      expect((await search(`name:${String(i).padStart(4, '0')}`)).keys).toEqual([keyOf(i)]);
    }
  });

  test('reads the index once for several that are asked at once', async () => {
    await fill();
    const expected = newestFirst((i) => Math.floor(i / IN_FOLDER) === 4);
    const { reads, client } = watchReads();
    const shared = openQueries({}, { client });
    const found = await Promise.all(Array.from({ length: 5 }, () => search('folder:"trips/folder 4"', shared)));
    expect(found.map(({ keys }) => keys)).toEqual(Array.from(found, () => expected));
    // Each outcome has four partitions.
    expect(reads).toHaveLength(16);
  });

  test('finds the same after the reading for the map has failed in part', async () => {
    await fill();
    let slow: Promise<void> | undefined;
    const { client } = watchReads(async (partition, isFirst) => {
      if (partition === 'tagged#2' && isFirst) throw new Error('reset by peer');
      // This reading is still underway when the other has failed.
      if (partition === 'tagged#1' && isFirst) slow = setTimeout(500);
      if (partition === 'tagged#1' && isFirst) await slow;
    });
    const failing = openQueries({}, { client });
    await expect(search('name:012', failing)).rejects.toMatchObject({ code: 'unavailable' });
    for (let turn = 0; turn < 3; turn++) {
      const { keys } = await search('name:012', failing);
      expect(keys).toEqual(newestFirst((i) => i >= 120 && i < 130));
      await slow;
    }
    expect((await search('nowhere', failing)).examined).toBe(0);
  });

  test('finds all where the map is full', async () => {
    const small = openQueries({ mostZones: 20 });
    for (let turn = 0; turn < 2; turn++) {
      expect((await search('name:"folder 3"', small)).keys).toEqual(
        newestFirst((i) => Math.floor(i / IN_FOLDER) === 3),
      );
      expect((await search('name:"folder 18"', small)).keys).toEqual(
        newestFirst((i) => Math.floor(i / IN_FOLDER) === 18),
      );
    }
  });

  test('finds all as time goes on, and few at a time take no more zones', async () => {
    await fill();
    let now = FIRST;
    // Four shards of 400 photos have a zone each; a zone for each reading would be 28.
    const growing = openQueries({ now: () => now, zoneEntries: 150, mostZones: 5 });
    for (let s = 0; s <= PHOTOS; s += 61) {
      now = FIRST + SETTLED_MS + s * 1000;
      expect((await search('name:img_0007', growing)).keys).toEqual([keyOf(7)]);
    }
    // What is newer than the last reading fits a page, so it isn't mapped yet.
    expect((await search('nowhere', growing)).examined).toBe(PHOTOS - 6 * 61);
  });

  test('finds all when the clock is set back', async () => {
    await fill();
    let now = Date.now();
    const queriesThen = openQueries({ now: () => now, readingMs: 0 });
    await search('name:img_0007', queriesThen);
    now = FIRST;
    expect((await search('name:img_0007', queriesThen)).keys).toEqual([keyOf(7)]);
  });

  test('finds names too long for the index', async () => {
    await fill();
    const key = `${'long name/'.repeat(90)}img_0007.jpg`;
    const store = new TagStore(table);
    const image = { ...photo(3, key), taggedAt: new Date(FIRST - 1000).toISOString() };
    await store.write(await store.read({ bucket: 'photos', key }), { record: image, at });
    for (const expression of ['name:img_0007', 'name:img_0007']) {
      expect((await search(expression)).keys).toEqual([keyOf(7), key]);
    }
  });
});
