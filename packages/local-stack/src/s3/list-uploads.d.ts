import { type Answer, type S3Request } from './request.ts';
import type { S3Service } from './service.ts';
export declare function listMultipartUploads(request: S3Request, service: S3Service): Promise<Answer>;
export declare function listParts(request: S3Request, service: S3Service): Promise<Answer>;
