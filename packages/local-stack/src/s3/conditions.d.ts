import { type S3Request } from './request.ts';
import type { Version } from './versions.ts';
/**
 * Checks the conditions of a read, in the order of RFC 9110, section 13.2.2.
 *
 * @throws {S3Error} `PreconditionFailed`, `NotModified`
 */
export declare function checkRead(request: S3Request, version: Version): void;
/**
 * Checks the conditions on the source of a copy.
 *
 * @throws {S3Error} `PreconditionFailed`
 */
export declare function checkCopySource(request: S3Request, version: Version): void;
/**
 * Checks the conditions of a write against what it would replace.
 *
 * @throws {S3Error} `PreconditionFailed`; `NoSuchKey` where a match is asked for and there is nothing.
 */
export declare function checkWrite(request: S3Request, key: string, current: Version | undefined): void;
export interface DeleteConditions {
    etag?: string | undefined;
    /** As in a date header, or in ISO 8601. */
    lastModified?: string | undefined;
    size?: string | undefined;
}
/**
 * @returns what checks the conditions of a delete, if it has any: it throws an {@link S3Error} `PreconditionFailed`.
 */
export declare function deleteCheck(conditions: DeleteConditions): ((current: Version) => void) | undefined;
