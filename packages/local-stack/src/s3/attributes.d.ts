import { type S3Request } from './request.ts';
import type { Attributes } from './versions.ts';
export declare const CANNED_ACLS: string[];
/**
 * What a request says of the object that it makes.
 *
 * @throws {S3Error} `MetadataTooLarge`, `InvalidTag`, `InvalidArgument` for an ACL that isn't known.
 */
export declare function readAttributes(request: S3Request): Attributes;
/** @throws {S3Error} `InvalidArgument` */
export declare function cannedAclOf(request: S3Request): string | undefined;
