import type { ByteRange } from './bodies.ts';
import type { Bucket } from './buckets.ts';
import { type Answer, type S3Request } from './request.ts';
import type { S3Service } from './service.ts';
import { type Version } from './versions.ts';
export declare function copyObject(request: S3Request, service: S3Service): Promise<Answer>;
export interface CopySource {
    bucket: Bucket;
    version: Version;
}
/**
 * What `x-amz-copy-source` names, if it fulfils the request's conditions.
 *
 * @throws {S3Error} `NoSuchBucket`, `NoSuchKey`, `NoSuchVersion`, `InvalidArgument`, `PreconditionFailed`
 */
export declare function findSource(request: S3Request, service: S3Service): CopySource;
export declare function sourceVersionHeader({ bucket, version }: CopySource): Record<string, string>;
export declare function rangeOfAll({ size }: Version): ByteRange;
