import {
  type AttributeValue,
  GetItemCommand,
  TransactGetItemsCommand,
  type TransactionCanceledException,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Emulator, startEmulator } from './emulator.ts';

let dynamodb: Emulator;
let TableName: string;
beforeAll(async () => {
  dynamodb = await startEmulator();
});
afterAll(() => dynamodb.close());
beforeEach(async () => {
  TableName = await dynamodb.createTable();
});

type Item = Record<string, AttributeValue>;
type Parts = NonNullable<TransactWriteItemsCommandInput['TransactItems']>;
const number = (N: string) => ({ N });
const key = (pk: string): Item => ({ pk: { S: pk }, sk: { S: 'a' } });
const get = async (pk: string) =>
  (await dynamodb.client.send(new GetItemCommand({ TableName, Key: key(pk), ConsistentRead: true }))).Item;
const write = (TransactItems: Parts, more: Partial<TransactWriteItemsCommandInput> = {}) =>
  dynamodb.client.send(new TransactWriteItemsCommand({ TransactItems, ...more }));
const put = (pk: string, more: Item = {}, rest: object = {}) => ({
  Put: { TableName, Item: { ...key(pk), ...more }, ...rest },
});
const count = (pk: string, by = '1') => ({
  Update: {
    TableName,
    Key: key(pk),
    UpdateExpression: 'ADD #n :by',
    ExpressionAttributeNames: { '#n': 'n' },
    ExpressionAttributeValues: { ':by': number(by) },
  },
});
const isThere = (pk: string, more: object = {}) => ({
  ConditionCheck: { TableName, Key: key(pk), ConditionExpression: 'attribute_exists(pk)', ...more },
});
const refusal = (parts: Parts) => write(parts).catch((error: TransactionCanceledException) => error);

describe('a transaction of writes', () => {
  test('does all that it says, and counts each unit twice', async () => {
    await write([put('a'), put('b', { n: number('1') })]);
    const { ConsumedCapacity } = await write(
      [isThere('a'), count('b', '2'), { Delete: { TableName, Key: key('a2') } }, put('c')],
      { ReturnConsumedCapacity: 'TOTAL' },
    );
    expect(await get('b')).toEqual({ ...key('b'), n: number('3') });
    expect(await get('c')).toEqual(key('c'));
    expect(ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 8 }]);
  });

  test('does nothing if one condition isn’t met, and says which', async () => {
    await write([put('a', { n: number('1') })]);
    const isNew = { ConditionExpression: 'attribute_not_exists(pk)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };
    const error = await refusal([count('a'), put('new'), put('a2'), isThere('nobody')]);
    expect(error).toMatchObject({
      name: 'TransactionCanceledException',
      message: expect.stringContaining('[None, None, None, ConditionalCheckFailed]'),
    });
    expect([await get('a'), await get('new')]).toEqual([{ ...key('a'), n: number('1') }, undefined]);
    const old = await refusal([put('new'), put('a', {}, isNew)]);
    expect((old as TransactionCanceledException).CancellationReasons).toMatchObject([
      { Code: 'None' },
      { Code: 'ConditionalCheckFailed', Item: { ...key('a'), n: number('1') } },
    ]);
  });

  test('does nothing if one item can’t be changed so', async () => {
    await write([put('a', { n: { S: 'text' } })]);
    expect(await refusal([put('new'), count('a')])).toMatchObject({
      CancellationReasons: [{ Code: 'None' }, { Code: 'ValidationError', Message: expect.any(String) }],
    });
    expect(await get('new')).toBeUndefined();
  });

  test('that is sent again with its token is done once, and another with that token is refused', async () => {
    const token = { ClientRequestToken: 'token' };
    await write([count('a')], token);
    await write([count('a')], token);
    expect(await get('a')).toEqual({ ...key('a'), n: number('1') });
    await expect(write([count('b')], token)).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
  });

  test.each<[string, () => Parts, RegExp]>([
    ['none at all', () => [], /TransactItems/],
    ['101 parts', () => Array.from({ length: 101 }, (_, i) => put(`${i}`)), /TransactItems/],
    ['an item twice', () => [put('a'), count('a')], /multiple operations on one item/],
    ['two in one part', () => [{ ...put('a'), ...count('b') }], /only contain one of/],
    ['a check without a condition', () => [isThere('a', { ConditionExpression: undefined })], /ConditionExpression/],
    ['a placeholder that nothing uses', () => [put('a', {}, { ExpressionAttributeNames: { '#x': 'x' } })], /unused/],
    [
      'more than 4 MB',
      () => Array.from({ length: 11 }, (_, i) => put(`${i}`, { large: { S: 'x'.repeat(390_000) } })),
      /4194304/,
    ],
  ])('is refused with %s', async (_, parts, message) => {
    await expect(write(parts())).rejects.toThrow(message);
    expect(await get('0')).toBeUndefined();
  });
});

test('a transaction of reads gives each item in its place, those that aren’t there too', async () => {
  await write([put('a', { n: number('1') }), put('b')]);
  const Get = (pk: string, more: object = {}) => ({ Get: { TableName, Key: key(pk), ...more } });
  const parts = [Get('nobody'), Get('a', { ProjectionExpression: 'n' }), Get('b')];
  const command = new TransactGetItemsCommand({ TransactItems: parts, ReturnConsumedCapacity: 'TOTAL' });
  const { Responses, ConsumedCapacity } = await dynamodb.client.send(command);
  expect(Responses).toEqual([{}, { Item: { n: number('1') } }, { Item: key('b') }]);
  expect(ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 6 }]);
  const twice = new TransactGetItemsCommand({ TransactItems: [Get('a'), Get('a')] });
  await expect(dynamodb.client.send(twice)).rejects.toThrow(/multiple operations on one item/);
});
