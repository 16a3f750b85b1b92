import type { IncomingMessage, ServerResponse } from 'node:http';
import { isLocal } from '../local-only.ts';
import { parseAddress } from './address.ts';
import { checkExpectedOwner } from './bucket-operations.ts';
import type { CorsRule } from './buckets.ts';
import { answerPreflight, corsHeaders } from './cors.ts';
import { S3Error, toS3Error } from './errors.ts';
import { checkExpiry, headersOf } from './presigned.ts';
import { type Answer, header, type S3Request } from './request.ts';
import { findOperation } from './routes.ts';
import type { S3Service } from './service.ts';
import { toXml } from './xml.ts';

export interface Exchange {
  /** Of the request, for its answer. */
  id: string;
  message: IncomingMessage;
  response: ServerResponse;
}

/** Answers one request, whatever becomes of it. */
export async function answerRequest(exchange: Exchange, service: S3Service): Promise<void> {
  const { message, response, id } = exchange;
  response.setHeader('x-amz-request-id', id);
  response.setHeader('x-amz-id-2', id);
  try {
    const answer = await answerOf(exchange, service);
    if (answer) send(message, response, answer);
  } catch (error) {
    // Half an answer is no answer: the client sees its connection end.
    const known = toS3Error(error);
    if (known.status >= 500 && known.s3Code !== 'NotImplemented')
      service.log(`S3: ${message.method} ${message.url}: ${known.message}`);
    if (response.headersSent) response.destroy();
    else sendError(exchange, known);
  }
}

async function answerOf(exchange: Exchange, service: S3Service): Promise<Answer | undefined> {
  const { message } = exchange;
  const [path, queryText] = splitUrl(message.url!);
  if (!isLocal({ host: message.headers.host })) {
    throw new S3Error('AccessDenied', 'The local S3 answers to the names of this machine only');
  }
  const status = path === '/' ? undefined : await service.fault?.({ method: message.method!, path });
  if (status !== undefined)
    return { status, body: toXml('Error', { Code: 'InternalError', Message: 'A fault that was asked for' }, '') };
  const query = new URLSearchParams(queryText);
  const { bucket = '', key = '' } = parseAddress(message.headers.host!, path);
  const headers = headersOf(message.headers, query);
  const request: S3Request = { ...exchange, method: message.method!, bucket, key, query, headers };
  const rules = service.buckets.find(bucket)?.settings.cors;
  if (request.method === 'OPTIONS') return answerPreflight(request, rules);
  allowOrigin(request, rules);
  checkExpiry(query, service.now());
  checkExpectedOwner(request);
  return findOperation(request)(request, service);
}

/**
 * Tells a browser whether its page may read the answer. What another site's page asks is refused, since nothing here asks
 * for credentials, unless the bucket has CORS rules: then they decide, and a read that they don't name stays unread.
 */
function allowOrigin(request: S3Request, rules: readonly CorsRule[] | undefined): void {
  const origin = header(request, 'origin');
  if (origin === undefined) return;
  const method = header(request, 'access-control-request-method') ?? request.method;
  const headers = corsHeaders(rules, { origin, method });
  for (const [name, value] of Object.entries(headers ?? {})) request.response.setHeader(name, value);
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (headers || (isRead && rules) || isLocal({ host: request.headers.host, origin })) return;
  throw new S3Error('AccessDenied', `Pages of ${origin} have no access here; the bucket's CORS rules could give it`);
}

function send(message: IncomingMessage, response: ServerResponse, { status = 200, headers = {}, body }: Answer): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value);
  if (body !== undefined) response.setHeader('content-type', 'application/xml');
  if (status !== 204 && status !== 304) response.setHeader('content-length', Buffer.byteLength(body ?? ''));
  response.end(message.method === 'HEAD' ? undefined : body);
}

function sendError({ message, response, id }: Exchange, error: S3Error): void {
  const { s3Code, details } = error;
  const resource = splitUrl(message.url!)[0];
  const body = toXml(
    'Error',
    { Code: s3Code, Message: error.message, ...details, Resource: resource, RequestId: id, HostId: id },
    '',
  );
  // Nobody reads what is left of the body, so no other request can follow it.
  const isUnread = message.readableDidRead || message.headers.expect !== undefined;
  if (!message.complete && isUnread) response.setHeader('connection', 'close');
  send(message, response, { status: error.status, headers: error.headers, ...(error.status === 304 ? {} : { body }) });
}

function splitUrl(url: string): [path: string, query: string] {
  const index = url.indexOf('?');
  return index === -1 ? [url, ''] : [url.slice(0, index), url.slice(index + 1)];
}
