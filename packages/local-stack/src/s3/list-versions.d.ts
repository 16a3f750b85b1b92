import { type Answer, type S3Request } from './request.ts';
import type { S3Service } from './service.ts';
/** Also of buckets without versions: what they hold has the id `null`. */
export declare function listObjectVersions(request: S3Request, service: S3Service): Promise<Answer>;
