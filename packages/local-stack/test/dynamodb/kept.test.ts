import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import { startDynamoDb } from '../../src/dynamodb.ts';
import { startEmulator, tableInput } from './emulator.ts';

const newDirectory = () => fs.mkdtempSync(path.join(os.tmpdir(), 'dynamodb-'));
const TableName = 'kept';
const Key = { pk: { S: 'p' }, sk: { S: 'a' } };
const Item = { ...Key, colour: { S: 'red' }, rank: { N: '1' }, name: { S: 'x' }, late: { S: 'y' } };

test('tables and items are there after a restart; an index that is new or changed is filled', async () => {
  const directory = newDirectory();
  const first = await startEmulator(directory);
  const { GlobalSecondaryIndexes: _, ...bare } = tableInput(TableName);
  await first.ensureTable({ ...bare, AttributeDefinitions: bare.AttributeDefinitions!.slice(0, 2) });
  await first.client.send(new PutItemCommand({ TableName, Item }));
  await first.close();

  const second = await startEmulator(directory);
  await second.ensureTable(tableInput(TableName));
  expect((await second.client.send(new GetItemCommand({ TableName, Key }))).Item).toEqual(Item);
  const byColour = new QueryCommand({
    TableName,
    IndexName: 'by-colour',
    KeyConditionExpression: 'colour = :c',
    ExpressionAttributeValues: { ':c': { S: 'red' } },
  });
  const { late: __, ...entry } = Item;
  expect((await second.client.send(byColour)).Items).toEqual([entry]);
  await second.close();
});

test('a table that was kept with other keys is refused', async () => {
  const directory = newDirectory();
  const first = await startEmulator(directory);
  await first.ensureTable(tableInput(TableName));
  const input = tableInput(TableName);
  const other = { ...input, KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }] };
  await expect(first.ensureTable(other)).rejects.toThrow(/kept with other keys/);
  await first.close();
});

test('tables that an earlier version kept are refused, not overlooked', async () => {
  const directory = newDirectory();
  fs.writeFileSync(path.join(directory, 'CURRENT'), 'MANIFEST-000004\n');
  await expect(startDynamoDb({ port: 0, dataDirectory: directory })).rejects.toMatchObject({ code: 'conflict' });
});
