import type { Answer, S3Request } from './request.ts';
import type { S3Service } from './service.ts';
/** Canned ACLs are kept and shown; like all permissions here, they allow or refuse nothing. */
export declare function getObjectAcl(request: S3Request, service: S3Service): Promise<Answer>;
export declare function putObjectAcl(request: S3Request, service: S3Service): Promise<Answer>;
export declare function getBucketAcl(request: S3Request, { buckets }: S3Service): Promise<Answer>;
export declare function putBucketAcl(request: S3Request, { buckets }: S3Service): Promise<Answer>;
