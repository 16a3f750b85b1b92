import type { Answer, S3Request } from './request.ts';
import type { S3Service } from './service.ts';
/**
 * What a browser's form uploads.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
 */
export declare function postObject(request: S3Request, service: S3Service): Promise<Answer>;
