import type { Answer, S3Request } from './request.ts';
import type { S3Service } from './service.ts';
export type Operation = (request: S3Request, service: S3Service) => Promise<Answer | undefined>;
/**
 * The operation that a request is for.
 *
 * @throws {S3Error} `NotImplemented` naming what isn't known: no request is taken for another one. `MethodNotAllowed`
 */
export declare function findOperation(request: S3Request): Operation;
