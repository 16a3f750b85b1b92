import {
  type AttributeValue,
  DescribeTableCommand,
  ExecuteStatementCommand,
  ListTablesCommand,
  PutItemCommand,
  paginateQuery,
  paginateScan,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Emulator, startEmulator } from './emulator.ts';

let dynamodb: Emulator;

beforeAll(async () => {
  dynamodb = await startEmulator();
});
afterAll(() => dynamodb.close());

type Item = Record<string, AttributeValue>;
const put = (TableName: string, Item: Item) => dynamodb.client.send(new PutItemCommand({ TableName, Item }));
const item = (pk: string, sk: AttributeValue, more: Item = {}): Item => ({ pk: { S: pk }, sk, ...more });
const text = (S: string) => ({ S });
const number = (N: string) => ({ N });

async function query(TableName: string, condition: string, values: Item, more: Partial<QueryCommandInput> = {}) {
  const input = { TableName, KeyConditionExpression: condition, ExpressionAttributeValues: values, ...more };
  return dynamodb.client.send(new QueryCommand(input));
}

describe('the order of sort keys', () => {
  test('is that of UTF-8 for texts', async () => {
    const table = await dynamodb.createTable();
    const names = ['\u{10000}', '\uffff', 'b', 'a', 'B', 'é', 'aa'];
    for (const name of names) await put(table, item('p', text(name)));
    const { Items } = await query(table, 'pk = :p', { ':p': text('p') });
    expect(Items!.map(({ sk }) => sk!.S)).toEqual(['B', 'a', 'aa', 'b', 'é', '\uffff', '\u{10000}']);
  });

  test('is that of their values for numbers', async () => {
    const table = await dynamodb.createTable('N');
    const values = ['10', '9', '-1', '-10', '0', '0.5', '1e30', '-1e-30', '100', '99.5'];
    for (const value of values) await put(table, item('p', number(value)));
    const { Items } = await query(table, 'pk = :p AND sk >= :from', { ':p': text('p'), ':from': number('-1') });
    expect(Items!.map(({ sk }) => Number(sk!.N))).toEqual([-1, -1e-30, 0, 0.5, 9, 10, 99.5, 100, 1e30]);
  });

  test('is that of their bytes for binary ones', async () => {
    const table = await dynamodb.createTable('B');
    for (const bytes of [[255], [1, 0], [1], [128]]) await put(table, item('p', { B: Uint8Array.from(bytes) }));
    const condition = 'pk = :p AND begins_with(sk, :b)';
    const { Items } = await query(table, condition, { ':p': text('p'), ':b': { B: Uint8Array.of(1) } });
    expect(Items!.map(({ sk }) => [...sk!.B!])).toEqual([[1], [1, 0]]);
    const last = await query(table, condition, { ':p': text('p'), ':b': { B: Uint8Array.of(255) } });
    expect(last.Count).toBe(1);
  });
});

describe('a query', () => {
  let table: string;
  const p = { ':p': text('p') };
  const keys = ({ Items = [] }: { Items?: Item[] | undefined }) => Items.map(({ sk }) => sk!.S);

  beforeAll(async () => {
    table = await dynamodb.createTable();
    for (const sk of ['a', 'b', 'b1', 'b2', 'c', 'd']) {
      await put(table, item('p', text(sk), { n: number(String(sk.length)), big: text('x'.repeat(100)) }));
    }
    await put(table, item('q', text('b')));
  });

  test.each<[string, Item, string[]]>([
    ['sk = :a', { ':a': text('b') }, ['b']],
    ['sk < :a', { ':a': text('b1') }, ['a', 'b']],
    ['sk <= :a', { ':a': text('b1') }, ['a', 'b', 'b1']],
    ['sk > :a', { ':a': text('b2') }, ['c', 'd']],
    ['sk >= :a', { ':a': text('c') }, ['c', 'd']],
    ['sk BETWEEN :a AND :b', { ':a': text('b1'), ':b': text('c') }, ['b1', 'b2', 'c']],
    ['begins_with(sk, :a)', { ':a': text('b') }, ['b', 'b1', 'b2']],
  ])('by %s finds those, forwards and backwards', async (condition, values, expected) => {
    expect(keys(await query(table, `pk = :p AND ${condition}`, { ...p, ...values }))).toEqual(expected);
    const backwards = await query(table, `${condition} AND pk = :p`, { ...p, ...values }, { ScanIndexForward: false });
    expect(keys(backwards)).toEqual(expected.toReversed());
  });

  test('goes on where the page before ended, in both directions', async () => {
    for (const ScanIndexForward of [true, false]) {
      const pages = await Array.fromAsync(
        paginateQuery(
          { client: dynamodb.client, pageSize: 2 },
          { TableName: table, KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: p, ScanIndexForward },
        ),
      );
      const all = ['a', 'b', 'b1', 'b2', 'c', 'd'];
      expect(pages.flatMap(keys)).toEqual(ScanIndexForward ? all : all.toReversed());
      expect(pages.map(({ Count }) => Count)).toEqual([2, 2, 2, 0]);
    }
  });

  test('filters after it has read, and says how much that was', async () => {
    const found = await query(
      table,
      'pk = :p',
      { ...p, ':n': number('2') },
      { FilterExpression: 'n = :n', Limit: 3, ProjectionExpression: 'sk', ReturnConsumedCapacity: 'INDEXES' },
    );
    expect(found).toMatchObject({
      Items: [{ sk: text('b1') }],
      Count: 1,
      ScannedCount: 3,
      LastEvaluatedKey: item('p', text('b1')),
      ConsumedCapacity: { CapacityUnits: 0.5, Table: { CapacityUnits: 0.5 } },
    });
    const counted = await query(table, 'pk = :p', p, { Select: 'COUNT' });
    expect(counted).toMatchObject({ Count: 6, ScannedCount: 6 });
    expect(counted.Items).toBeUndefined();
  });

  test('ends a page before a megabyte, and counts its units', async () => {
    const large = await dynamodb.createTable();
    for (const sk of ['a', 'b', 'c']) await put(large, item('p', text(sk), { b: text('x'.repeat(390 * 1024)) }));
    const page = await query(large, 'pk = :p', p, { ReturnConsumedCapacity: 'TOTAL', ConsistentRead: true });
    expect(keys(page)).toEqual(['a', 'b']);
    expect(page.LastEvaluatedKey).toEqual(item('p', text('b')));
    expect(page.ConsumedCapacity!.CapacityUnits).toBe(196);
  });

  test.each<[string, Item, Partial<QueryCommandInput>, RegExp]>([
    ['sk = :a', { ':a': text('a') }, {}, /missed key schema element: pk/],
    ['pk = :a AND n = :a', { ':a': text('a') }, {}, /missed key schema element: sk/],
    ['pk > :a', { ':a': text('a') }, {}, /not supported/],
    ['pk = :a AND sk <> :a', { ':a': text('a') }, {}, /not supported/],
    ['pk = :a OR sk = :a', { ':a': text('a') }, {}, /Invalid operator/],
    ['pk = :a', { ':a': number('1') }, {}, /type does not match schema type/],
    ['pk = :a AND sk BETWEEN :b AND :a', { ':a': text('a'), ':b': text('b') }, {}, /upper bound/],
    ['pk = :a', { ':a': text('a') }, { FilterExpression: 'sk = :a' }, /non-primary key attributes/],
    ['pk = :a', { ':a': text('a') }, { IndexName: 'nobody' }, /does not have the specified index: nobody/],
    ['pk = :a', { ':a': text('a') }, { ExclusiveStartKey: { pk: text('a') } }, /starting key is invalid/],
    ['pk = :a', { ':a': text('a') }, { ProjectionExpression: 'a, a.b' }, /overlap/],
  ])('%s, with %j and %j, is refused', async (condition, values, more, message) => {
    await expect(query(table, condition, values, more)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(message),
    });
  });
});

describe('an index', () => {
  test('has the items that have its keys, as they are now, with what it holds of them', async () => {
    const table = await dynamodb.createTable();
    const painted = (sk: string, colour: string, rank: string) =>
      put(table, item('p', text(sk), { colour: text(colour), rank: number(rank), name: text(sk), other: text('x') }));
    await painted('a', 'red', '10');
    await painted('b', 'red', '9');
    await painted('c', 'blue', '1');
    await put(table, item('p', text('d'), { colour: text('red') }));
    const red = async (more: Partial<QueryCommandInput> = {}) =>
      query(table, 'colour = :c', { ':c': text('red') }, { IndexName: 'by-colour', ...more });
    expect((await red()).Items).toEqual([
      { ...item('p', text('b')), colour: text('red'), rank: number('9'), name: text('b') },
      { ...item('p', text('a')), colour: text('red'), rank: number('10'), name: text('a') },
    ]);
    await painted('b', 'blue', '9');
    await painted('a', 'red', '11');
    const { Items, LastEvaluatedKey, ConsumedCapacity } = await red({ Limit: 1, ReturnConsumedCapacity: 'INDEXES' });
    expect(Items!.map(({ sk, rank }) => [sk!.S, rank!.N])).toEqual([['a', '11']]);
    expect(LastEvaluatedKey).toEqual({ ...item('p', text('a')), colour: text('red'), rank: number('11') });
    expect(ConsumedCapacity!.GlobalSecondaryIndexes).toEqual({ 'by-colour': { CapacityUnits: 0.5 } });
    expect((await red({ ExclusiveStartKey: LastEvaluatedKey })).Count).toBe(0);
    await expect(red({ ConsistentRead: true })).rejects.toThrow(/Consistent reads are not supported/);
    await expect(red({ Select: 'ALL_ATTRIBUTES' })).rejects.toThrow(/projection type is not ALL/);
  });

  test('costs a unit for an entry that is new or taken away, two for one that moves, none for one that stays', async () => {
    const table = await dynamodb.createTable();
    const units = async (more: Item) => {
      const command = new PutItemCommand({
        TableName: table,
        Item: item('p', text('a'), more),
        ReturnConsumedCapacity: 'INDEXES',
      });
      const { ConsumedCapacity } = await dynamodb.client.send(command);
      return [
        ConsumedCapacity!.CapacityUnits,
        ConsumedCapacity!.GlobalSecondaryIndexes?.['by-colour']?.CapacityUnits ?? 0,
      ];
    };
    const red = { colour: text('red'), rank: number('1') };
    expect(await units({})).toEqual([1, 0]);
    expect(await units(red)).toEqual([2, 1]);
    expect(await units({ ...red, other: text('x') })).toEqual([1, 0]);
    expect(await units({ ...red, name: text('x') })).toEqual([2, 1]);
    expect(await units({ ...red, colour: text('blue') })).toEqual([3, 2]);
    expect(await units({})).toEqual([2, 1]);
  });
});

test('a scan gives every item once, page by page, with what the filter leaves', async () => {
  const TableName = await dynamodb.createTable();
  for (let i = 0; i < 25; i++) await put(TableName, item(`p${i}`, text('a'), { even: { BOOL: i % 2 === 0 } }));
  const scan = { TableName, FilterExpression: 'even = :yes', ExpressionAttributeValues: { ':yes': { BOOL: true } } };
  const pages = await Array.fromAsync(paginateScan({ client: dynamodb.client, pageSize: 4 }, scan));
  const found = pages.flatMap(({ Items = [] }) => Items.map(({ pk }) => pk!.S!));
  expect(found.toSorted()).toEqual(Array.from({ length: 13 }, (_, i) => `p${2 * i}`).sort());
  expect(pages.map(({ ScannedCount }) => ScannedCount)).toEqual([4, 4, 4, 4, 4, 4, 1]);
});

test('scans side by side give every item once between them, of a table and of an index', async () => {
  const TableName = await dynamodb.createTable();
  const colours = ['red', 'blue', 'green', 'white', 'black'];
  for (let i = 0; i < 40; i++) {
    await put(TableName, item(`p${i}`, text('a'), { colour: text(colours[i % 5]!), rank: number(`${i}`) }));
  }
  for (const IndexName of [undefined, 'by-colour']) {
    const segments = await Promise.all(
      [0, 1, 2].map(async (Segment) => {
        const input = { TableName, IndexName, Segment, TotalSegments: 3 };
        const pages = await Array.fromAsync(paginateScan({ client: dynamodb.client, pageSize: 4 }, input));
        return pages.flatMap(({ Items = [] }) => Items.map(({ pk }) => pk!.S!));
      }),
    );
    expect(segments.flat().sort()).toEqual(Array.from({ length: 40 }, (_, i) => `p${i}`).sort());
    expect(segments.filter(({ length }) => length > 0).length).toBeGreaterThan(1);
  }
  const wrong = (input: object) => dynamodb.client.send(new ScanCommand({ TableName, ...input }));
  await expect(wrong({ Segment: 2, TotalSegments: 2 })).rejects.toThrow(/must be less than/);
  await expect(wrong({ Segment: 0 })).rejects.toThrow(/TotalSegments parameter is required/);
  await expect(wrong({ TotalSegments: 2 })).rejects.toThrow(/Segment parameter is required/);
});

test('tables are described and listed, and what isn’t known is refused by name', async () => {
  const TableName = await dynamodb.createTable();
  await put(TableName, item('p', text('a'), { colour: text('red'), rank: number('1') }));
  const { Table } = await dynamodb.client.send(new DescribeTableCommand({ TableName }));
  expect(Table).toMatchObject({ TableStatus: 'ACTIVE', ItemCount: 1, TableSizeBytes: 21 });
  expect(Table!.GlobalSecondaryIndexes).toMatchObject([
    { IndexName: 'by-colour', ItemCount: 1, IndexStatus: 'ACTIVE' },
  ]);
  expect((await dynamodb.client.send(new ListTablesCommand({}))).TableNames).toContain(TableName);
  await expect(query('nobody', 'pk = :p', { ':p': text('p') })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  const statement = new ExecuteStatementCommand({ Statement: `SELECT * FROM "${TableName}"` });
  await expect(dynamodb.client.send(statement)).rejects.toThrow(/ExecuteStatement is not emulated/);
  const expected = new PutItemCommand({ TableName, Item: item('p', text('a')), Expected: {} });
  await expect(dynamodb.client.send(expected)).rejects.toThrow(/Expected is not emulated/);
});
