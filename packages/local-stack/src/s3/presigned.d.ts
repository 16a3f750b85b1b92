import type { IncomingHttpHeaders } from 'node:http';
/**
 * Whether a presigned URL is still valid. Its signature isn't checked.
 *
 * @throws {S3Error} `AccessDenied` for one that has expired, `InvalidArgument` for an expiry that can't be.
 */
export declare function checkExpiry(query: URLSearchParams, nowMs: number): void;
/**
 * The headers of a request, with those that a presigned URL carries as parameters. S3 ignores a checksum there, which AWS's
 * JavaScript SDK computes of no bytes: https://github.com/localstack/localstack/issues/12169
 */
export declare function headersOf(headers: IncomingHttpHeaders, query: URLSearchParams): IncomingHttpHeaders;
