import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { DynamoDbError } from './dynamodb/errors.ts';
import { checkOperation, parseInput } from './dynamodb/inputs.ts';
import { keyOfItem } from './dynamodb/keys.ts';
import { HANDLERS, THROTTLED } from './dynamodb/operations.ts';
import { Tables } from './dynamodb/tables.ts';
import { LocalStackError } from './errors.ts';
import { readBody } from './http-body.ts';
import { isLocal } from './local-only.ts';
import { closeServer, listenOnLoopback } from './loopback.ts';
import { openDatabase, transact } from './sqlite.ts';

export interface DynamoDbOptions {
  /** 0 for any. */
  port: number;
  /** Where the items are kept; in memory if there is none. */
  dataDirectory?: string;
  throttle?: DynamoDbThrottle;
  /** Told of faults of this program's own. */
  log?: (line: string) => void;
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
}

export interface DynamoDb {
  endpoint: string;
  /** Makes a table, or gives the one that was kept the indexes of this description. */
  ensureTable(input: CreateTableCommandInput): Promise<void>;
  /** Removes the items whose time to live has passed, as DynamoDB does in its own time; stops when it is told to. */
  sweep(timeToLive: TimeToLive, now: Date, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** 16 MB of a batch, and what JSON adds. */
const MAX_REQUEST_BYTES = 24 * 2 ** 20;
/** Items swept in one transaction. */
const SWEEP_CHUNK = 200;
const CONTENT_TYPE = 'application/x-amz-json-1.0';

/**
 * Starts DynamoDB on the loopback interface.
 *
 * @throws {LocalStackError} `conflict` if the data directory holds tables of an earlier version, which were kept in another form.
 */
export async function startDynamoDb({
  port,
  dataDirectory,
  throttle = () => false,
  log = () => undefined,
}: DynamoDbOptions): Promise<DynamoDb> {
  if (dataDirectory !== undefined) checkForm(dataDirectory);
  const database = openDatabase('dynamodb.sqlite', dataDirectory);
  const tables = new Tables(database);
  const server = http.createServer((request, response) => {
    serve(request, response, { database, tables, throttle }).catch((error) => log(`DynamoDB: ${error.stack}`));
  });
  const close = async () => {
    await closeServer(server);
    database.close();
  };
  let endpoint: string;
  try {
    endpoint = await listenOnLoopback(server, port);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    endpoint,
    ensureTable: async (input) => tables.ensure(parseInput('CreateTable', input)),
    sweep: async ({ table, attribute }, now, signal) => {
      const { items, schema, types } = tables.get(table);
      const seconds = Math.floor(now.getTime() / 1000);
      for (;;) {
        const expired = items.olderThan(attribute, seconds, SWEEP_CHUNK);
        transact(database, () => {
          for (const item of expired) items.delete(keyOfItem(schema, types, item), item);
        });
        if (expired.length < SWEEP_CHUNK) return;
        await nextTurn();
        if (signal?.aborted) return;
      }
    },
    close,
  };
}

interface Service {
  database: DatabaseSync;
  tables: Tables;
  throttle: DynamoDbThrottle;
}

async function serve(request: IncomingMessage, response: ServerResponse, service: Service): Promise<void> {
  const { headers } = request;
  if (!isLocal(headers)) {
    response.writeHead(403).end();
    return;
  }
  const answer = (status: number, body: string, more: object = {}) =>
    response
      .writeHead(status, {
        'content-type': CONTENT_TYPE,
        'content-length': Buffer.byteLength(body),
        'x-amzn-requestid': randomUUID(),
        ...more,
      })
      .end(body);
  try {
    const body = await readBody(request, MAX_REQUEST_BYTES);
    if (body === undefined) answer(413, '', { connection: 'close' });
    else answer(200, JSON.stringify(perform(String(headers['x-amz-target'] ?? ''), body, service)));
  } catch (error) {
    if (error instanceof DynamoDbError) {
      answer(400, error.toJson());
      return;
    }
    answer(500, JSON.stringify({ __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError' }));
    throw error;
  }
}

function perform(target: string, body: string, { database, tables, throttle }: Service): object {
  const name = target.slice(target.indexOf('.') + 1);
  if (throttle(name)) throw THROTTLED;
  const operation = checkOperation(name);
  const input = parseInput(operation, parseJson(body));
  const handler = HANDLERS[operation] as (tables: Tables, input: object) => object;
  return transact(database, () => handler(tables, input));
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body || '{}');
  } catch {
    throw new DynamoDbError('SerializationException', 'The request is not JSON');
  }
}

/** Tables were kept by LevelDB once, whose files can't be read here. */
function checkForm(dataDirectory: string): void {
  const isOld = fs.existsSync(path.join(dataDirectory, 'CURRENT'));
  if (!isOld) return;
  throw new LocalStackError(
    'conflict',
    `${dataDirectory} holds a table that an earlier version kept. Choose another data directory and upload the images again`,
  );
}
