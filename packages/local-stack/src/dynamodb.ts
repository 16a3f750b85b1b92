import { once } from 'node:events';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteItemCommand,
  DynamoDBClient,
  paginateScan,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';
import { AbstractKeyIterator, AbstractValueIterator } from 'abstract-level';
import dynalite from 'dynalite';
import { CREDENTIALS, LOOPBACK, REGION } from './constants.ts';
import { isLocal } from './local-only.ts';

export interface DynamoDbOptions {
  /** 0 for any. */
  port: number;
  /** Where the items are kept; in memory if there is none. */
  dataDirectory?: string;
  throttle?: DynamoDbThrottle;
}

/**
 * Whether to put off a request.
 *
 * @param operation such as `PutItem`.
 */
export type DynamoDbThrottle = (operation: string) => boolean;

export interface TimeToLive {
  table: string;
  /** Holds seconds since the epoch. */
  attribute: string;
  /** The table's partition key and, if it has one, its sort key. */
  keyNames: readonly string[];
}

export interface DynamoDb {
  endpoint: string;
  ensureTable(input: CreateTableCommandInput): Promise<void>;
  /** Removes the items whose time to live has passed, as DynamoDB does in its own time; stops when it is told to. */
  sweep(timeToLive: TimeToLive, now: Date, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

const EXPIRED = '#ttl <= :now';

/**
 * dynalite ends its reads by `return`, which iterators of abstract-level's second version and later don't have. Left open,
 * each holds a snapshot: memory, or a file of the data directory, that isn't freed until the process ends.
 */
for (const { prototype } of [AbstractKeyIterator, AbstractValueIterator]) {
  Object.assign(prototype, {
    return(this: { close(): Promise<void> }) {
      return this.close();
    },
  });
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
function refuse(request: IncomingMessage, response: ServerResponse): void {
  const __type = 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException';
  request.resume().once('end', () => {
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify({ __type }));
  });
}

/** Starts DynamoDB, by dynalite, on the loopback interface. */
export async function startDynamoDb({ port, dataDirectory, throttle }: DynamoDbOptions): Promise<DynamoDb> {
  const server = dynalite({ createTableMs: 0, ...(dataDirectory === undefined ? {} : { path: dataDirectory }) });
  const [serve] = server.listeners('request') as [RequestListener];
  server.removeAllListeners('request').on('request', (request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.').at(-1)!;
    if (!isLocal(request.headers)) response.writeHead(403).end();
    else if (throttle?.(operation)) refuse(request, response);
    else serve(request, response);
  });
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
    sweep: async ({ table, attribute, keyNames }, now, signal) => {
      const condition = {
        TableName: table,
        ExpressionAttributeNames: { '#ttl': attribute },
        ExpressionAttributeValues: { ':now': { N: String(Math.floor(now.getTime() / 1000)) } },
      };
      for await (const { Items = [] } of paginateScan({ client }, { ...condition, FilterExpression: EXPIRED })) {
        if (signal?.aborted) return;
        for (const item of Items) {
          const Key = Object.fromEntries(keyNames.map((name) => [name, item[name]!]));
          try {
            await client.send(new DeleteItemCommand({ ...condition, Key, ConditionExpression: EXPIRED }));
          } catch (error) {
            // Written again since the scan saw it.
            if (!(error instanceof ConditionalCheckFailedException)) throw error;
          }
        }
      }
    },
    close: async () => {
      client.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
