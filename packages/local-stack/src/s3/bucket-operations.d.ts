import { type Answer, type S3Request } from './request.ts';
import type { S3Service } from './service.ts';
export declare function listBuckets(request: S3Request, { buckets }: S3Service): Promise<Answer>;
export declare function createBucket(request: S3Request, service: S3Service): Promise<Answer>;
export declare function headBucket(request: S3Request, { buckets }: S3Service): Promise<Answer>;
export declare function deleteBucket(request: S3Request, service: S3Service): Promise<Answer>;
export declare function getBucketLocation(request: S3Request, { buckets }: S3Service): Promise<Answer>;
export declare function getVersioning(request: S3Request, { buckets }: S3Service): Promise<Answer>;
export declare function putVersioning(request: S3Request, { buckets }: S3Service): Promise<Answer>;
/** @throws {S3Error} `AccessDenied` for a request that expects another owner. */
export declare function checkExpectedOwner({ headers }: S3Request): void;
