import { LocalStackError } from '../errors.ts';

/** The codes that are answered here, each with its status. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const STATUSES = {
  AccessDenied: 403,
  BadDigest: 400,
  BucketAlreadyExists: 409,
  BucketNotEmpty: 409,
  EntityTooLarge: 400,
  EntityTooSmall: 400,
  IncompleteBody: 400,
  InsufficientStorage: 507,
  InternalError: 500,
  InvalidArgument: 400,
  InvalidBucketName: 400,
  InvalidDigest: 400,
  InvalidPart: 400,
  InvalidPartOrder: 400,
  InvalidPolicyDocument: 400,
  InvalidRange: 416,
  InvalidRequest: 400,
  InvalidTag: 400,
  InvalidURI: 400,
  KeyTooLongError: 400,
  MalformedPOSTRequest: 400,
  MalformedXML: 400,
  MetadataTooLarge: 400,
  MethodNotAllowed: 405,
  NoSuchBucket: 404,
  NoSuchCORSConfiguration: 404,
  NoSuchKey: 404,
  NoSuchTagSet: 404,
  NoSuchUpload: 404,
  NoSuchVersion: 404,
  NotImplemented: 501,
  NotModified: 304,
  PreconditionFailed: 412,
  XAmzContentSHA256Mismatch: 400,
} as const;

export type S3ErrorCode = keyof typeof STATUSES;

export interface S3ErrorOptions {
  /** More elements of the answer, such as `Key`. */
  details?: Readonly<Record<string, string>>;
  headers?: Readonly<Record<string, string>>;
  cause?: unknown;
}

/** What S3 refuses: its own code, and the status that goes with it. */
export class S3Error extends LocalStackError {
  readonly s3Code: S3ErrorCode;
  readonly details: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(s3Code: S3ErrorCode, message: string, { details = {}, headers = {}, cause }: S3ErrorOptions = {}) {
    const status = STATUSES[s3Code];
    super(status === 404 ? 'not-found' : status < 500 ? 'invalid-argument' : 'unavailable', message, { cause });
    this.s3Code = s3Code;
    this.details = details;
    this.headers = headers;
  }

  get status(): number {
    return STATUSES[this.s3Code];
  }
}

/** Of the file system, and SQLite's own. */
const FULL_CODES = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const SQLITE_FULL = 13;

/**
 * What to answer to any error.
 *
 * @returns the error itself if S3 has refused; `InsufficientStorage` for a full disk; else `InternalError`.
 */
export function toS3Error(error: unknown): S3Error {
  if (error instanceof S3Error) return error;
  const { code, errcode, message } = error as NodeJS.ErrnoException & { errcode?: number };
  if (FULL_CODES.has(code ?? '') || (errcode !== undefined && (errcode & 0xff) === SQLITE_FULL)) {
    return new S3Error('InsufficientStorage', `The disk is full: ${message}. Nothing was written.`, { cause: error });
  }
  return new S3Error('InternalError', String(message), { cause: error });
}
