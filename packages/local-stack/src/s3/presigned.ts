import type { IncomingHttpHeaders } from 'node:http';
import { S3Error } from './errors.ts';
import { asHeaderText } from './header-text.ts';

const MAX_EXPIRY_SECONDS = 7 * 24 * 3600;

/**
 * Whether a presigned URL is still valid. Its signature isn't checked.
 *
 * @throws {S3Error} `AccessDenied` for one that has expired, `InvalidArgument` for an expiry that can't be.
 */
export function checkExpiry(query: URLSearchParams, nowMs: number): void {
  const expires = query.get('X-Amz-Expires');
  if (expires !== null) {
    const seconds = Number(expires);
    const signedMs = parseDate(query.get('X-Amz-Date') ?? '');
    if (!(seconds > 0 && seconds <= MAX_EXPIRY_SECONDS)) {
      throw new S3Error('AccessDenied', `X-Amz-Expires has to be between 1 and ${MAX_EXPIRY_SECONDS} seconds`);
    }
    if (!(nowMs <= signedMs + seconds * 1000)) throw new S3Error('AccessDenied', 'Request has expired');
  }
  // Of signatures of version 2, in seconds since the epoch.
  const until = query.has('Signature') ? query.get('Expires') : null;
  if (until !== null && !(nowMs <= Number(until) * 1000)) throw new S3Error('AccessDenied', 'Request has expired');
}

/**
 * The headers of a request, with those that a presigned URL carries as parameters. S3 ignores a checksum there, which AWS's
 * JavaScript SDK computes of no bytes: https://github.com/localstack/localstack/issues/12169
 */
export function headersOf(headers: IncomingHttpHeaders, query: URLSearchParams): IncomingHttpHeaders {
  const carried: IncomingHttpHeaders = {};
  for (const [name, value] of query) {
    if (/^x-amz-(?!checksum-|sdk-checksum-)/i.test(name)) carried[name.toLowerCase()] = asHeaderText(value);
  }
  return { ...carried, ...headers };
}

/** Of `20260102T030405Z`. */
function parseDate(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}
