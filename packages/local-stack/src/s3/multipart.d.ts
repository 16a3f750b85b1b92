import { type Answer, type S3Request } from './request.ts';
import type { S3Service } from './service.ts';
export declare function createMultipartUpload(request: S3Request, service: S3Service): Promise<Answer>;
export declare function uploadPart(request: S3Request, service: S3Service): Promise<Answer>;
export declare function uploadPartCopy(request: S3Request, service: S3Service): Promise<Answer>;
export declare function completeMultipartUpload(request: S3Request, service: S3Service): Promise<Answer>;
export declare function abortMultipartUpload(request: S3Request, service: S3Service): Promise<Answer>;
