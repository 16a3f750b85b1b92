import { randomUUID } from 'node:crypto';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { ACCOUNT } from '../constants.ts';
import { LocalStackError } from '../errors.ts';
import { readBody } from '../http-body.ts';
import { isLocal } from '../local-only.ts';
import { closeServer, listenOnLoopback } from '../loopback.ts';
import type { Attributes } from './attributes.ts';
import { openQueues } from './database.ts';
import { SqsError } from './errors.ts';
import { checkOperation, parseInput } from './inputs.ts';
import { Messages } from './messages.ts';
import { MoveTasks } from './move-tasks.ts';
import { HANDLERS, type Service } from './operations.ts';
import { readForm, writeError, writeResult } from './query-protocol.ts';
import { type Queue, Queues } from './queues.ts';

export interface SqsOptions {
  /** 0 for any. */
  port: number;
  /** Where messages are kept; in memory if there is none. */
  dataDirectory?: string;
  /** Milliseconds since the epoch. */
  now?: () => number;
  /** Told of faults of this program's own. */
  log?: (line: string) => void;
}

export interface Sqs {
  endpoint: string;
  /**
   * Makes a queue, or gives one that was kept these attributes.
   *
   * @returns its URL.
   */
  ensureQueue(name: string, attributes: Attributes): string;
  /** Takes a message as a service of AWS would send it: without an attribute, and kept when this returns. */
  sendMessage(queueArn: string, body: string): void;
  hasQueue(queueArn: string): boolean;
  close(): Promise<void>;
}

/** A message of 1 MiB may be six times as long in JSON or a form, where each of its bytes is escaped. */
const MAX_REQUEST_BYTES = 8 * 2 ** 20;

/**
 * Starts SQS on the loopback interface: standard queues, in the JSON protocol and the older query protocol.
 *
 * @example
 * const sqs = await startSqs({ port: 0 });
 * const client = new SQSClient({ endpoint: sqs.endpoint, … });
 */
export async function startSqs({
  port,
  dataDirectory,
  now = Date.now,
  log = () => undefined,
}: SqsOptions): Promise<Sqs> {
  const database = openQueues(dataDirectory);
  const queues = new Queues(database, now);
  const messages = new Messages({ database, queues, now });
  const moveTasks = new MoveTasks(database, messages, queues, now);
  let endpoint = '';
  const urlOf = ({ name }: Queue) => `${endpoint}/${ACCOUNT}/${name}`;
  const service: Service = { database, queues, messages, moveTasks, now, urlOf, purges: new Map() };
  const server = http.createServer((request, response) => {
    serve(service, request, response).catch((error) => log(`SQS: ${error.stack}`));
  });
  const close = async () => {
    await moveTasks.close();
    await closeServer(server);
    database.close();
  };
  try {
    endpoint = await listenOnLoopback(server, port);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    endpoint,
    ensureQueue: (name, attributes) => {
      const known = queues.find(name);
      // A policy that isn't described any more goes, as in CloudFormation.
      if (known) queues.setAttributes(known, { RedrivePolicy: '', ...attributes });
      return urlOf(known ?? queues.create(name, attributes));
    },
    sendMessage: (queueArn, body) => {
      const queue = queues.findByArn(queueArn);
      if (!queue) throw new LocalStackError('not-found', `No queue ${queueArn} for the bucket's notifications`);
      messages.send(queue, { body });
    },
    hasQueue: (queueArn) => queues.findByArn(queueArn) !== undefined,
    close,
  };
}

/** How an answer is written. */
interface Protocol {
  type: string;
  result(action: string, result: object, requestId: string): string;
  error(error: SqsError | undefined, requestId: string): { status: number; body: string; headers?: object };
}

const FAULT = 'We encountered an internal error. Please try again.';

const JSON_PROTOCOL: Protocol = {
  type: 'application/x-amz-json-1.0',
  result: (_action, result) => JSON.stringify(result),
  error: (error) =>
    error
      ? {
          status: 400,
          body: JSON.stringify({ __type: `com.amazonaws.sqs#${error.errorName}`, message: error.message }),
          headers: { 'x-amzn-query-error': `${error.queryCode};Sender` },
        }
      : { status: 500, body: JSON.stringify({ __type: 'com.amazonaws.sqs#InternalFailure', message: FAULT }) },
};

const QUERY_PROTOCOL: Protocol = {
  type: 'text/xml',
  result: writeResult,
  error: (error, requestId) =>
    error
      ? { status: 400, body: writeError(error.queryCode, error.message, 'Sender', requestId) }
      : { status: 500, body: writeError('InternalFailure', FAULT, 'Receiver', requestId) },
};

async function serve(service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = randomUUID();
  if (!isLocal(request.headers)) {
    response.writeHead(403).end();
    return;
  }
  const target = request.headers['x-amz-target'];
  const protocol = target === undefined ? QUERY_PROTOCOL : JSON_PROTOCOL;
  const answer = (status: number, body: string, headers: object = {}) =>
    response
      .writeHead(status, {
        'content-type': protocol.type,
        'content-length': Buffer.byteLength(body),
        'x-amzn-requestid': requestId,
        ...headers,
      })
      .end(body);
  try {
    const body = await readBody(request, MAX_REQUEST_BYTES);
    if (body === undefined) {
      answer(413, '', { connection: 'close' });
      return;
    }
    const { action, input } = target === undefined ? formOf(request, body) : jsonOf(String(target), body);
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    answer(200, protocol.result(action, await perform(service, action, input, gone.signal), requestId));
  } catch (error) {
    const known = error instanceof SqsError ? error : undefined;
    const { status, body, headers } = protocol.error(known, requestId);
    answer(status, body, headers);
    if (!known) throw error;
  }
}

function perform(service: Service, action: string, input: unknown, signal: AbortSignal): object | Promise<object> {
  const operation = checkOperation(action);
  const handler = HANDLERS[operation] as (service: Service, input: unknown, signal: AbortSignal) => object;
  return handler(service, parseInput(operation, input), signal);
}

function jsonOf(target: string, body: string): { action: string; input: unknown } {
  try {
    return { action: target.slice(target.indexOf('.') + 1), input: JSON.parse(body || '{}') };
  } catch {
    throw new SqsError('InvalidParameterValue', 'The request is not JSON.');
  }
}

/** A request may name its queue by its path alone. */
function formOf({ url, headers }: IncomingMessage, body: string): { action: string; input: unknown } {
  const { pathname, search } = new URL(url!, `http://${headers.host}`);
  const form = new URLSearchParams(body || search);
  const { action, input } = readForm(form);
  const queue = pathname === '/' ? {} : { QueueUrl: `http://${headers.host}${pathname}` };
  return { action, input: { ...queue, ...input } };
}
