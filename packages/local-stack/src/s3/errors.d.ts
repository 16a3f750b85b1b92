import { LocalStackError } from '../errors.ts';
/** The codes that are answered here, each with its status. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
declare const STATUSES: {
    readonly AccessDenied: 403;
    readonly BadDigest: 400;
    readonly BucketAlreadyExists: 409;
    readonly BucketNotEmpty: 409;
    readonly EntityTooLarge: 400;
    readonly EntityTooSmall: 400;
    readonly IncompleteBody: 400;
    readonly InsufficientStorage: 507;
    readonly InternalError: 500;
    readonly InvalidArgument: 400;
    readonly InvalidBucketName: 400;
    readonly InvalidDigest: 400;
    readonly InvalidPart: 400;
    readonly InvalidPartOrder: 400;
    readonly InvalidPolicyDocument: 400;
    readonly InvalidRange: 416;
    readonly InvalidRequest: 400;
    readonly InvalidTag: 400;
    readonly InvalidURI: 400;
    readonly KeyTooLongError: 400;
    readonly MalformedPOSTRequest: 400;
    readonly MalformedXML: 400;
    readonly MetadataTooLarge: 400;
    readonly MethodNotAllowed: 405;
    readonly NoSuchBucket: 404;
    readonly NoSuchCORSConfiguration: 404;
    readonly NoSuchKey: 404;
    readonly NoSuchTagSet: 404;
    readonly NoSuchUpload: 404;
    readonly NoSuchVersion: 404;
    readonly NotImplemented: 501;
    readonly NotModified: 304;
    readonly PreconditionFailed: 412;
    readonly XAmzContentSHA256Mismatch: 400;
};
export type S3ErrorCode = keyof typeof STATUSES;
export interface S3ErrorOptions {
    /** More elements of the answer, such as `Key`. */
    details?: Readonly<Record<string, string>>;
    headers?: Readonly<Record<string, string>>;
    cause?: unknown;
}
/** What S3 refuses: its own code, and the status that goes with it. */
export declare class S3Error extends LocalStackError {
    readonly s3Code: S3ErrorCode;
    readonly details: Readonly<Record<string, string>>;
    readonly headers: Readonly<Record<string, string>>;
    constructor(s3Code: S3ErrorCode, message: string, { details, headers, cause }?: S3ErrorOptions);
    get status(): number;
}
/**
 * What to answer to any error.
 *
 * @returns the error itself if S3 has refused; `InsufficientStorage` for a full disk; else `InternalError`.
 */
export declare function toS3Error(error: unknown): S3Error;
export {};
