import http, { type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import type { FunctionPool } from './function-pool.ts';
import { FunctionError } from './function-process.ts';
import { isLocal } from './local-only.ts';
import { closeServer, listenOnLoopback } from './loopback.ts';

export interface LambdaApi {
  endpoint: string;
  close(): Promise<void>;
}

export interface LambdaApiOptions {
  /** 0 for any. */
  port: number;
  /** Undefined if there is no such function. */
  poolOf: (functionName: string) => FunctionPool | undefined;
}

const INVOCATION = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/**
 * Serves Lambda's operation Invoke, synchronously: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html. On the
 * loopback interface, for any client.
 */
export async function serveLambdaApi({ port, poolOf }: LambdaApiOptions): Promise<LambdaApi> {
  const server = http.createServer((request, response) => {
    answer(request, poolOf).then(
      ({ status, body, headers = {} }) => {
        response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
      },
      (error: unknown) => response.writeHead(500).end(JSON.stringify({ message: String(error) })),
    );
  });
  // An invocation may take a quarter of an hour.
  server.requestTimeout = 0;
  const endpoint = await listenOnLoopback(server, port);
  return {
    endpoint,
    close: () => closeServer(server),
  };
}

interface Answer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

async function answer(request: IncomingMessage, poolOf: LambdaApiOptions['poolOf']): Promise<Answer> {
  if (!isLocal(request.headers)) return { status: 403, body: { message: 'Only for this machine' } };
  const name = decodeURIComponent(INVOCATION.exec(new URL(request.url!, 'http://lambda').pathname)?.[1] ?? '');
  const pool = request.method === 'POST' ? poolOf(name) : undefined;
  if (!pool) {
    const headers = { 'x-amzn-errortype': 'ResourceNotFoundException' };
    return { status: 404, body: { message: `No function ${name}` }, headers };
  }
  try {
    return { status: 200, body: (await pool.invoke(await json(request))) ?? null };
  } catch (error) {
    // As Lambda tells of a handler that threw: the call itself went well.
    const { errorType, errorMessage } =
      error instanceof FunctionError ? error : { errorType: 'Error', errorMessage: String(error) };
    return { status: 200, body: { errorType, errorMessage }, headers: { 'x-amz-function-error': 'Unhandled' } };
  }
}
