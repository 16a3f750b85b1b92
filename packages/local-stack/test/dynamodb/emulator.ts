import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startDynamoDb } from '../../src/dynamodb.ts';

const attribute = (AttributeName: string, AttributeType: 'S' | 'N' | 'B') => ({ AttributeName, AttributeType });
const key = (hash: string, range?: string) => [
  { AttributeName: hash, KeyType: 'HASH' as const },
  ...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' as const }]),
];

/** A table with a sort key of this type, and an index of what has a colour, which holds names besides. */
export function tableInput(TableName: string, sortType: 'S' | 'N' | 'B' = 'S'): CreateTableCommandInput {
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: key('pk', 'sk'),
    AttributeDefinitions: [
      attribute('pk', 'S'),
      attribute('sk', sortType),
      attribute('colour', 'S'),
      attribute('rank', 'N'),
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-colour',
        KeySchema: key('colour', 'rank'),
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['name'] },
      },
    ],
  };
}

/** DynamoDB, and AWS's client of it. */
export async function startEmulator(dataDirectory?: string) {
  const dynamodb = await startDynamoDb({ port: 0, ...(dataDirectory === undefined ? {} : { dataDirectory }) });
  const client = new DynamoDBClient({
    endpoint: dynamodb.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    maxAttempts: 1,
  });
  let tables = 0;
  return {
    ...dynamodb,
    client,
    /** Makes an empty table. */
    createTable: async (sortType: 'S' | 'N' | 'B' = 'S') => {
      const TableName = `table-${++tables}`;
      await client.send(new CreateTableCommand(tableInput(TableName, sortType)));
      return TableName;
    },
    close: async () => {
      client.destroy();
      await dynamodb.close();
    },
  };
}

export type Emulator = Awaited<ReturnType<typeof startEmulator>>;
