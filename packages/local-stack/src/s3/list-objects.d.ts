import { type Answer, type S3Request } from './request.ts';
import type { S3Service } from './service.ts';
export declare const MAX_KEYS = 1000;
/** Everything here belongs to one owner. */
export declare const OWNER: {
    ID: string;
    DisplayName: string;
};
export declare function listObjects(request: S3Request, service: S3Service): Promise<Answer>;
export declare function listObjectsV2(request: S3Request, service: S3Service): Promise<Answer>;
