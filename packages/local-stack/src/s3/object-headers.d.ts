import type { ByteRange } from './bodies.ts';
import type { Bucket } from './buckets.ts';
import { type S3Request } from './request.ts';
import type { Piece, Version } from './versions.ts';
/** Query parameters by which a GET chooses headers of its answer. */
export declare const RESPONSE_PARAMETERS: string[];
export interface Description {
    status: number;
    headers: Record<string, string>;
    range: ByteRange;
}
/**
 * Which of an object's bytes a GET or HEAD asks for, and the headers of its answer.
 *
 * @throws {S3Error} `InvalidRange`, `InvalidPart`
 */
export declare function describeObject(request: S3Request, bucket: Bucket, version: Version, pieces: readonly Piece[]): Description;
/** @returns the header of a version's id, if its bucket has or had versions. */
export declare function versionHeader({ settings }: Bucket, { version }: Version): Record<string, string>;
/** @returns the header of a version that was just made: unlike a read, none while versions are suspended. */
export declare function newVersionHeader({ settings }: Bucket, { version }: Version): Record<string, string>;
/** Nothing is encrypted here, but clients see what they asked for. */
export declare function encryptionHeaders({ attributes }: Pick<Version, 'attributes'>): Record<string, string>;
