import type { Bucket } from './buckets.ts';
import { type Answer, type S3Request } from './request.ts';
import type { S3Service } from './service.ts';
import { type Version } from './versions.ts';
export declare function putObject(request: S3Request, service: S3Service): Promise<Answer>;
/** Answers by itself: the bytes have to be held from the moment that the object was looked up. */
export declare function getObject(request: S3Request, service: S3Service): Promise<undefined>;
export declare function deleteObject(request: S3Request, service: S3Service): Promise<Answer>;
/**
 * The version that a request is for.
 *
 * @throws {S3Error} `NoSuchBucket`, `NoSuchKey`, `NoSuchVersion`; `MethodNotAllowed` for a delete marker by its id.
 */
export declare function requireVersion({ bucket: name, key, query }: S3Request, service: S3Service): {
    bucket: Bucket;
    version: Version;
};
/** As {@link requireVersion}. */
export declare function findVersion(bucket: Bucket, key: string, versionId: string | undefined, { versions }: S3Service): Version;
