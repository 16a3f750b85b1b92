import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { RulesStore, type TagStoreOptions } from '../src/index.ts';
import { startDynamo, type TemporaryDynamo } from './temporary-table.ts';

const [first, second, third] = ['first', 'second', 'third'].map((version) => ({
  version,
  text: `{"is":"${version}"}`,
}));
const AT = new Date(0);

let dynamo: TemporaryDynamo;
let table: TagStoreOptions;
let store: RulesStore;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.close());
beforeEach(async () => {
  table = { client: dynamo.client, tableName: await dynamo.createTable() };
  store = new RulesStore(table);
});

const versions = async () => (await Array.fromAsync(store.versions())).sort((a, b) => (a.version < b.version ? -1 : 1));

describe('rules that are put over a version', () => {
  test('are in force if it was, and all versions are kept with what they say', async () => {
    await store.put(first!, AT, { over: undefined });
    await store.put(second!, AT, { over: 'first' });
    expect(await store.version()).toBe('second');
    expect(await versions()).toEqual([first, second]);
    expect(await store.text('first')).toBe(first!.text);
  });

  test.each([
    ['another one', 'second'],
    ['none', undefined],
  ])('leave no trace if it was not: %s was thought to be', async (_, over) => {
    await store.put(first!, AT);
    const before = await dynamo.items(table.tableName);
    const put = store.put(third!, AT, { over });
    await expect(put).rejects.toMatchObject({ code: 'conflict', retryable: true });
    expect(await dynamo.items(table.tableName)).toEqual(before);
  });

  test('are put by one of several who put theirs at once', async () => {
    const rivals = Array.from({ length: 8 }, (_, i) => ({ version: `v${i}`, text: '{}' }));
    const ends = await Promise.allSettled(rivals.map((rival) => store.put(rival, AT, { over: undefined })));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await versions()).toEqual([{ version: await store.version(), text: '{}' }]);
  });
});

test('rules that DynamoDB finds being put by another at this moment lose to them', async () => {
  const CancellationReasons = [{ Code: 'None' }, { Code: 'TransactionConflict' }];
  const fault = new TransactionCanceledException({ message: 'Cancelled', CancellationReasons, $metadata: {} });
  const client = { send: () => Promise.reject(fault) } as unknown as DynamoDBDocumentClient;
  const put = new RulesStore({ client, tableName: 'any' }).put(first!, AT, { over: undefined });
  await expect(put).rejects.toMatchObject({ code: 'conflict', retryable: true });
});

test('rules that are put over nothing in particular take the place of any', async () => {
  await store.put(first!, AT);
  await store.put(second!, AT);
  await store.put(first!, AT);
  expect([await store.version(), (await versions()).length]).toEqual(['first', 2]);
});
