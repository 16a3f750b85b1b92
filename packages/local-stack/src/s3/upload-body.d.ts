import type { Bodies, Body } from './bodies.ts';
import { type ChecksumAlgorithm } from './checksums.ts';
import { type S3Request } from './request.ts';
/** The most that one request may bring. */
export declare const MAX_UPLOAD_BYTES: number;
export interface ReceiveOptions {
    /** Algorithms to compute besides those that the request names. */
    algorithms?: Iterable<ChecksumAlgorithm>;
    /** In place of the request's own body. */
    source?: AsyncIterable<Uint8Array>;
}
/**
 * Takes a request's body as it comes, whatever its encoding, and checks it against every checksum that the request has.
 *
 * @returns bytes that belong to nobody yet: the caller has to keep or discard them.
 * @throws {S3Error} `BadDigest` or `XAmzContentSHA256Mismatch` if they are others, `IncompleteBody`, `EntityTooLarge`.
 */
export declare function receiveBody(request: S3Request, bodies: Bodies, options?: ReceiveOptions): Promise<Body>;
/** The bytes that a request brings. Nothing is read, and nobody told to send, before the first is asked for. */
export declare function payloadOf(request: S3Request, trailers?: Map<string, string>): AsyncGenerator<Buffer>;
