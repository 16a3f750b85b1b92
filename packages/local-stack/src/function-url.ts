import { randomUUID } from 'node:crypto';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { ACCOUNT } from './constants.ts';
import type { FunctionPool } from './function-pool.ts';
import { isLocal } from './local-only.ts';
import { closeServer, listenOnLoopback } from './loopback.ts';

export interface FunctionUrl {
  url: string;
  close(): Promise<void>;
}

interface Answer {
  statusCode?: number;
  headers?: Record<string, string | number | boolean>;
  body?: string;
  isBase64Encoded?: boolean;
  cookies?: string[];
}

/** The most that a function URL takes or gives. */
const MAX_BODY_BYTES = 6 * 2 ** 20;

/**
 * Serves a function's URL on the loopback interface, payload format 2.0:
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html.
 */
export async function serveFunctionUrl(pool: FunctionPool, port: number): Promise<FunctionUrl> {
  const server = http.createServer((request, response) => {
    answer(pool, request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(502, { 'content-type': 'text/plain' });
      response.end(error instanceof Error ? error.message : String(error));
    });
  });
  const endpoint = await listenOnLoopback(server, port);
  return {
    url: `${endpoint}/`,
    close: () => closeServer(server),
  };
}

async function answer(pool: FunctionPool, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!isLocal(request.headers)) {
    response.writeHead(403, { 'content-type': 'text/plain' }).end('Only for this machine');
    return;
  }
  const body = await readBody(request);
  if (body === undefined) {
    // Else what is left of the body resets the connection before the answer arrives.
    response.writeHead(413, { connection: 'close' }).end();
    return;
  }
  const result = await pool.invoke(eventOf(request, body));
  // A handler may return the body alone.
  const {
    statusCode = 200,
    headers = {},
    body: text = '',
    isBase64Encoded = false,
    cookies = [],
  } = isAnswer(result) ? result : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(result) };
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, String(value));
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  response.writeHead(statusCode).end(Buffer.from(text, isBase64Encoded ? 'base64' : 'utf8'));
}

function eventOf(request: IncomingMessage, body: Buffer): object {
  const { method = 'GET', url = '/', headers, socket } = request;
  const [rawPath, rawQueryString = ''] = url.split(/\?(.*)/s) as [string, string?];
  const parameters = new URLSearchParams(rawQueryString);
  const query = Object.fromEntries([...parameters.keys()].map((name) => [name, parameters.getAll(name).join(',')]));
  const flat = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    headers: flat,
    ...(Object.keys(query).length > 0 ? { queryStringParameters: query } : {}),
    requestContext: {
      accountId: ACCOUNT,
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      timeEpoch: Date.now(),
      http: {
        method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: socket.remoteAddress,
        userAgent: flat['user-agent'],
      },
    },
    ...(body.length > 0 ? { body: body.toString('base64') } : {}),
    isBase64Encoded: body.length > 0,
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > MAX_BODY_BYTES) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function isAnswer(result: unknown): result is Answer {
  return typeof result === 'object' && result !== null && 'statusCode' in result;
}
