import { CreateTableCommand, type CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { startDynamoDb } from '@tagmill/local-stack/dynamodb';
import { unpacked } from '../../../test/helpers/unpacked.ts';
import { documentClient } from '../src/client.ts';
import { TABLE_SCHEMA } from '../src/table-schema.ts';

export interface TemporaryDynamo {
  endpoint: string;
  client: DynamoDBDocumentClient;
  /** Makes an empty table. */
  createTable(): Promise<string>;
  /** Every item of a table, unpacked. */
  items(tableName: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** A DynamoDB in memory, with tables as the stack makes them. */
export async function startDynamo(): Promise<TemporaryDynamo> {
  const server = await startDynamoDb({ port: 0, log: (line) => process.stderr.write(`${line}\n`) });
  const { endpoint } = server;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = documentClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  let tables = 0;
  return {
    endpoint,
    client,
    async createTable() {
      const tableName = `tags-${++tables}`;
      await client.send(new CreateTableCommand(tableInput(tableName)));
      return tableName;
    },
    async items(tableName) {
      const pages = await Array.fromAsync(paginateScan({ client }, { TableName: tableName }));
      return pages.flatMap(({ Items }) => Items ?? []).map(unpacked);
    },
    async close() {
      client.destroy();
      await server.close();
    },
  };
}

function tableInput(tableName: string): CreateTableCommandInput {
  const { partitionKey, sortKey, indexes } = TABLE_SCHEMA;
  const keySchema = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ];
  const names = [partitionKey, sortKey, ...indexes.flatMap((index) => [index.partitionKey, index.sortKey])];
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keySchema(partitionKey, sortKey),
    AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    GlobalSecondaryIndexes: indexes.map((index) => ({
      IndexName: index.name,
      KeySchema: keySchema(index.partitionKey, index.sortKey),
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: [...index.nonKeyAttributes] },
    })),
  };
}
