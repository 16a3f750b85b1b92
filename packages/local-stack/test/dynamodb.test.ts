import http from 'node:http';
import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type DynamoDb, startDynamoDb } from '../src/dynamodb.ts';

let dynamodb: DynamoDb;
let client: DynamoDBClient;

beforeAll(async () => {
  dynamodb = await startDynamoDb({ port: 0 });
  client = new DynamoDBClient({
    endpoint: dynamodb.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
});

afterAll(() => dynamodb.close());

const createTable = (TableName: string) =>
  dynamodb.ensureTable({
    TableName,
    KeySchema: [{ AttributeName: 'name', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'name', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  });

describe('the table', () => {
  test('loses the items whose time has passed, and no others', async () => {
    const TableName = 'Sessions';
    await createTable(TableName);
    const put = (name: string, expires?: { N: string } | { S: string }) =>
      client.send(new PutItemCommand({ TableName, Item: { name: { S: name }, ...(expires ? { expires } : {}) } }));
    await Promise.all([
      put('past', { N: '1000' }),
      put('now', { N: '2000' }),
      put('future', { N: '2001' }),
      put('never'),
      put('not-a-time', { S: '1000' }),
    ]);
    await dynamodb.sweep({ table: TableName, attribute: 'expires' }, new Date(2_000_000));
    const { Items = [] } = await client.send(new ScanCommand({ TableName }));
    expect(Items.map(({ name }) => name!.S).sort()).toEqual(['future', 'never', 'not-a-time']);
  });

  test('is there already at the next start', async () => {
    const table = {
      TableName: 'Twice',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' as const }],
      BillingMode: 'PAY_PER_REQUEST' as const,
    };
    await dynamodb.ensureTable(table);
    await expect(dynamodb.ensureTable(table)).resolves.toBeUndefined();
  });

  test.each([
    ['of another site', { origin: 'https://elsewhere.example' }],
    ['by another name of this address', { host: 'rebound.example' }],
  ])('does not answer a page %s', async (_, headers) => {
    const status = await new Promise((resolve, reject) =>
      http.get(dynamodb.endpoint, { headers }, (response) => resolve(response.resume().statusCode)).on('error', reject),
    );
    expect(status).toBe(403);
  });
});
