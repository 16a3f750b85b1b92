import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Emulator, startEmulator } from './emulator.ts';

let dynamodb: Emulator;
let TableName: string;

beforeAll(async () => {
  dynamodb = await startEmulator();
  TableName = await dynamodb.createTable();
});
afterAll(() => dynamodb.close());

type Item = Record<string, AttributeValue>;
const key = (pk: string, sk = 'a'): Item => ({ pk: { S: pk }, sk: { S: sk } });
const put = (Item: Item, more: object = {}) => dynamodb.client.send(new PutItemCommand({ TableName, Item, ...more }));
const get = async (pk: string) =>
  (await dynamodb.client.send(new GetItemCommand({ TableName, Key: key(pk), ConsistentRead: true }))).Item;
const update = (pk: string, UpdateExpression: string, more: Partial<UpdateItemCommandInput> = {}) =>
  dynamodb.client.send(new UpdateItemCommand({ TableName, Key: key(pk), UpdateExpression, ...more }));
const text = (S: string) => ({ S });
const number = (N: string) => ({ N });

describe('an item', () => {
  test('comes back as it was put, each type of it, numbers in their canonical form', async () => {
    const item: Item = {
      ...key('types'),
      text: text('ü😀'),
      empty: text(''),
      number: number('1.50e2'),
      bytes: { B: Uint8Array.of(0, 255) },
      yes: { BOOL: true },
      nothing: { NULL: true },
      texts: { SS: ['b', 'a'] },
      numbers: { NS: ['1.0', '2'] },
      manyBytes: { BS: [Uint8Array.of(1)] },
      parts: { L: [text('x'), { L: [] }, { M: {} }] },
      doc: { M: { 'a.b': number('007') } },
    };
    await put(item);
    expect(await get('types')).toEqual({
      ...item,
      number: number('150'),
      numbers: { NS: ['1', '2'] },
      doc: { M: { 'a.b': number('7') } },
    });
  });

  test.each<[string, Item, RegExp]>([
    ['without its sort key', { pk: text('a') }, /Missing the key sk/],
    ['with a key of another type', { ...key('a'), sk: number('1') }, /Type mismatch for key sk expected: S actual: N/],
    ['with an empty key', key(''), /empty string value. Key: pk/],
    ['with a key of 2,049 bytes', key('x'.repeat(2049)), /Size of hashkey/],
    ['with a sort key of 1,025 bytes', key('a', 'x'.repeat(1025)), /range keys has exceeded the size limit of 1024/],
    ['of more than 400 KB', { ...key('a'), b: text('x'.repeat(400 * 1024 - 5)) }, /Item size has exceeded/],
    ['with an empty set', { ...key('a'), s: { SS: [] } }, /set {2}may not be empty/],
    ['with a set that has one member twice', { ...key('a'), s: { NS: ['1', '1.0'] } }, /contains duplicates/],
    ['with a number of 39 digits', { ...key('a'), n: number('1'.repeat(39)) }, /38 significant digits/],
    ['whose index key has another type', { ...key('a'), colour: number('1') }, /Type mismatch for Index Key colour/],
    ['whose index key is empty', { ...key('a'), colour: text('') }, /IndexKey: colour/],
  ])('%s is refused', async (_, item, message) => {
    await expect(put(item)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(message),
    });
  });

  test('of 400 KB is taken', async () => {
    await put({ ...key('large'), b: text('x'.repeat(400 * 1024 - 11)) });
    await expect(update('large', 'SET c = :c', { ExpressionAttributeValues: { ':c': text('') } })).rejects.toThrow(
      /Item size to update has exceeded/,
    );
  });

  test('is put only if its condition is met, and the one that is there is told if that is asked', async () => {
    const isNew = { ConditionExpression: 'attribute_not_exists(pk)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };
    await put(key('new'), isNew);
    const refused = put({ ...key('new'), x: text('y') }, isNew);
    await expect(refused).rejects.toBeInstanceOf(ConditionalCheckFailedException);
    await expect(refused).rejects.toMatchObject({ Item: key('new') });
    expect(await get('new')).toEqual(key('new'));
  });

  test('is told as it was when it is replaced or deleted', async () => {
    await put({ ...key('old'), v: number('1') });
    const replaced = await put({ ...key('old'), v: number('2') }, { ReturnValues: 'ALL_OLD' });
    expect(replaced.Attributes).toEqual({ ...key('old'), v: number('1') });
    const remove = new DeleteItemCommand({ TableName, Key: key('old'), ReturnValues: 'ALL_OLD' });
    expect((await dynamodb.client.send(remove)).Attributes).toEqual({ ...key('old'), v: number('2') });
    expect((await dynamodb.client.send(remove)).Attributes).toBeUndefined();
    expect(await get('old')).toBeUndefined();
  });
});

describe('a condition', () => {
  const item: Item = {
    ...key('condition'),
    n: number('10'),
    s: text('apple'),
    parts: { L: [text('x'), number('1')] },
    doc: { M: { in: text('deep') } },
    tags: { SS: ['a', 'b'] },
    b: { B: Uint8Array.of(1, 2, 3) },
  };
  beforeAll(() => put(item));

  test.each([
    ['n = :ten', true],
    ['n < :two', false],
    ['n > :two AND s <> :two', true],
    ['n BETWEEN :two AND :ten', true],
    ['s IN (:two, :apple)', true],
    ['NOT s = :apple OR n = :ten', true],
    ['NOT (s = :apple OR n = :ten)', false],
    ['attribute_exists(doc.#in) AND attribute_not_exists(doc.elsewhere)', true],
    ['parts[1] = :one AND attribute_not_exists(parts[2])', true],
    ['begins_with(s, :ap)', true],
    ['contains(tags, :a) AND contains(parts, :one) AND contains(s, :ap)', true],
    ['attribute_type(tags, :ss)', true],
    ['size(s) = :five AND size(tags) = :two AND size(b) = :three', true],
    ['nowhere <> :one', true],
    ['nowhere < :one', false],
    ['nowhere = nowhere', false],
    ['n = :apple', false],
  ])('%s is %s', async (ConditionExpression, isMet) => {
    const all: Item = {
      ':ten': number('10.0'),
      ':two': number('2'),
      ':one': number('1'),
      ':three': number('3'),
      ':five': number('5'),
      ':apple': text('apple'),
      ':ap': text('ap'),
      ':a': text('a'),
      ':ss': text('SS'),
    };
    const used = Object.entries(all).filter(([name]) => new RegExp(`${name}\\b`).test(ConditionExpression));
    const checked = put(item, {
      ConditionExpression,
      ...(ConditionExpression.includes('#in') && { ExpressionAttributeNames: { '#in': 'in' } }),
      ...(used.length > 0 && { ExpressionAttributeValues: Object.fromEntries(used) }),
    });
    if (isMet) await checked;
    else await expect(checked).rejects.toBeInstanceOf(ConditionalCheckFailedException);
  });

  test.each([
    ['name = :v', /reserved keyword: name/],
    ['#n = :v', /attribute name used in the document path is not defined; attribute name: #n/],
    ['n = :w', /attribute value used in expression is not defined; attribute value: :w/],
    ['n = :v AND', /Syntax error; token: "<EOF>"/],
    ['n == :v', /Syntax error/],
    ['n = :v)', /Syntax error; token: "\)"/],
    ['exists(n) AND n = :v', /Invalid function name; function: exists/],
    ['begins_with(n) AND n = :v', /Incorrect number of operands/],
    ['', /can not be empty/],
    ['attribute_exists(n)', /unused in expressions: keys: \{:v\}/],
  ])('%j is refused', async (ConditionExpression, message) => {
    const checked = put(item, { ConditionExpression, ExpressionAttributeValues: { ':v': number('1') } });
    await expect(checked).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(message),
    });
  });
});

describe('an update', () => {
  test('sets, counts, appends, removes and takes away, all from the item as it was', async () => {
    await put({
      ...key('update'),
      a: number('1'),
      b: number('2'),
      parts: { L: ['x', 'y', 'z'].map(text) },
      tags: { SS: ['a', 'b'] },
      single: { SS: ['a'] },
      doc: { M: { in: text('deep'), gone: text('gone') } },
    });
    const { Attributes } = await update(
      'update',
      'SET a = b, b = a + :n, c = if_not_exists(c, :n), parts = list_append(parts, :l), #doc.#in = :s REMOVE #doc.gone ADD amount :n, tags :t DELETE single :t',
      {
        ExpressionAttributeNames: { '#doc': 'doc', '#in': 'in' },
        ExpressionAttributeValues: {
          ':n': number('0.5'),
          ':l': { L: [text('w')] },
          ':s': text('deeper'),
          ':t': { SS: ['a', 'c'] },
        },
        ReturnValues: 'ALL_NEW',
      },
    );
    expect(Attributes).toEqual({
      ...key('update'),
      a: number('2'),
      b: number('1.5'),
      c: number('0.5'),
      parts: { L: ['x', 'y', 'z', 'w'].map(text) },
      tags: { SS: ['a', 'b', 'c'] },
      doc: { M: { in: text('deeper') } },
      amount: number('0.5'),
    });
    expect(await get('update')).toEqual(Attributes);
  });

  test('removes members of a list by the indices that they had', async () => {
    await put({ ...key('remove'), parts: { L: ['a', 'b', 'c', 'd'].map(text) } });
    await update('remove', 'REMOVE parts[0], parts[2]');
    expect((await get('remove'))!.parts).toEqual({ L: ['b', 'd'].map(text) });
  });

  test('makes an item that isn’t there, and tells what it changed', async () => {
    const values = { ExpressionAttributeValues: { ':v': number('1') } };
    const made = await update('made', 'ADD n :v', { ...values, ReturnValues: 'UPDATED_NEW' });
    expect(made.Attributes).toEqual({ n: number('1') });
    const again = await update('made', 'ADD n :v', { ...values, ReturnValues: 'UPDATED_OLD' });
    expect(again.Attributes).toEqual({ n: number('1') });
    expect(await get('made')).toEqual({ ...key('made'), n: number('2') });
  });

  test.each([
    ['SET pk = :v', /Cannot update attribute pk/],
    ['SET a = nowhere, b = :v', /does not exist in the item/],
    ['SET doc.x.y = :v', /document path provided in the update expression is invalid/],
    ['SET a = :v, a.b = :v', /Two document paths overlap/],
    ['SET a = s + :v', /incorrect data type/],
    ['DELETE n :v', /incorrect data type/],
    ['SET a = :v SET b = :v', /can only be used once/],
    ['MAKE a = :v', /Syntax error/],
  ])('%s is refused and changes nothing', async (expression, message) => {
    const before: Item = { ...key('refused'), n: number('1'), s: text('x'), doc: { M: {} } };
    await put(before);
    const refused = update('refused', expression, { ExpressionAttributeValues: { ':v': number('1') } });
    await expect(refused).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(message),
    });
    expect(await get('refused')).toEqual(before);
  });
});

describe('a batch', () => {
  test('writes and reads many, and says what it consumed', async () => {
    const keys = Array.from({ length: 25 }, (_, i) => key(`batch-${i}`));
    const requests = keys.map((Item) => ({ PutRequest: { Item: { ...Item, v: text('x'.repeat(2000)) } } }));
    const write = new BatchWriteItemCommand({
      RequestItems: { [TableName]: requests },
      ReturnConsumedCapacity: 'TOTAL',
    });
    const written = await dynamodb.client.send(write);
    expect(written.UnprocessedItems).toEqual({});
    expect(written.ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 50 }]);
    const read = await dynamodb.client.send(
      new BatchGetItemCommand({
        RequestItems: { [TableName]: { Keys: [...keys, key('nobody')], ProjectionExpression: 'pk' } },
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    expect(read.Responses![TableName]!.map(({ pk }) => pk!.S).sort()).toEqual(keys.map(({ pk }) => pk!.S).sort());
    expect(read.ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 13 }]);
  });

  test('is refused if it is too long, names an item twice, or one of it is wrong; then nothing is written', async () => {
    const write = (items: Item[]) => {
      const requests = items.map((Item) => ({ PutRequest: { Item } }));
      return dynamodb.client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } }));
    };
    await expect(write(Array.from({ length: 26 }, (_, i) => key(`b${i}`)))).rejects.toThrow(/Too many items/);
    await expect(write([key('same'), key('same')])).rejects.toThrow(/duplicates/);
    await expect(write([key('first'), { pk: text('second') }])).rejects.toThrow(/Missing the key sk/);
    expect(await get('first')).toBeUndefined();
    const keys = Array.from({ length: 101 }, (_, i) => key(`b${i}`));
    const read = new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: keys } } });
    await expect(dynamodb.client.send(read)).rejects.toThrow(/Too many items/);
  });
});
