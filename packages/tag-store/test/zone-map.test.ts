import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ImageRecord } from '@tagmill/core';
import { fillTable } from '../../../test/helpers/stored-records.ts';
import { TagQueries, TagStore, type TagStoreOptions, ZoneMap } from '../src/index.ts';
import { record, tag } from './records.ts';
import { startDynamo, type TemporaryDynamo } from './temporary-table.ts';

const PHOTOS = 400;
/** Each folder has twenty, which were tagged one after the other; so has each month. */
const IN_FOLDER = 20;
const FIRST = Date.UTC(2026, 0, 1);
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

async function fill() {
  table = { client: dynamo.client, tableName: await dynamo.createTable() };
  records = Array.from({ length: PHOTOS }, (_, i) => photo(i));
  await fillTable(table, records);
  queries = openQueries();
}

const openQueries = (options: ConstructorParameters<typeof ZoneMap>[1] = {}) =>
  new TagQueries({ ...table, maxExamined: 6, zones: new ZoneMap(table, { zoneEntries: 8, ...options }) });

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
