import { type Answer, type S3Request } from './request.ts';
import type { S3Service } from './service.ts';
export declare function getObjectTagging(request: S3Request, service: S3Service): Promise<Answer>;
export declare function putObjectTagging(request: S3Request, service: S3Service): Promise<Answer>;
export declare function deleteObjectTagging(request: S3Request, service: S3Service): Promise<Answer>;
export declare function getBucketTagging(request: S3Request, { buckets }: S3Service): Promise<Answer>;
export declare function putBucketTagging(request: S3Request, { buckets }: S3Service): Promise<Answer>;
export declare function deleteBucketTagging(request: S3Request, { buckets }: S3Service): Promise<Answer>;
