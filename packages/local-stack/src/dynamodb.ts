import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteItemCommand,
  DynamoDBClient,
  paginateScan,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { CREDENTIALS, LOOPBACK, REGION } from './constants.ts';

export interface DynamoDbOptions {
  /** 0 for any. */
  port: number;
  /** Where the items are kept; in memory if there is none. */
  dataDirectory?: string;
}

export interface DynamoDb {
  endpoint: string;
  ensureTable(input: CreateTableCommandInput): Promise<void>;
  /** Removes the items whose time to live has passed, as DynamoDB does in its own time. */
  sweep(table: string, timeToLiveAttribute: string, now: Date): Promise<void>;
  close(): Promise<void>;
}

/** Starts DynamoDB, by dynalite, on the loopback interface. */
export async function startDynamoDb({ port, dataDirectory }: DynamoDbOptions): Promise<DynamoDb> {
  const server = dynalite({ createTableMs: 0, ...(dataDirectory === undefined ? {} : { path: dataDirectory }) });
  server.listen(port, LOOPBACK);
  await once(server, 'listening');
  const endpoint = `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`;
  const client = new DynamoDBClient({ endpoint, region: REGION, credentials: CREDENTIALS });
  return {
    endpoint,
    ensureTable: async (input) => {
      try {
        await client.send(new CreateTableCommand(input));
      } catch (error) {
        if (!(error instanceof ResourceInUseException)) throw error;
      }
    },
    sweep: async (table, attribute, now) => {
      const expired = paginateScan(
        { client },
        {
          TableName: table,
          FilterExpression: '#ttl <= :now',
          ProjectionExpression: 'pk, sk',
          ExpressionAttributeNames: { '#ttl': attribute },
          ExpressionAttributeValues: { ':now': { N: String(Math.floor(now.getTime() / 1000)) } },
        },
      );
      for await (const { Items = [] } of expired) {
        for (const Key of Items) await client.send(new DeleteItemCommand({ TableName: table, Key }));
      }
    },
    close: async () => {
      client.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
