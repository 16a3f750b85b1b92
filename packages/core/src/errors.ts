/** Everything that can go wrong, in one closed list. The first two groups are also the reasons that a record may carry. */
export const REJECT_REASONS = [
  'empty-file',
  'not-a-file',
  'unsupported-format',
  'active-content',
  'corrupt',
  'too-many-bytes',
  'too-many-pixels',
  'encrypted',
  'archived',
  'crashed-decoder',
] as const;

export const FAILURE_REASONS = ['unreadable', 'timeout', 'gave-up', 'internal'] as const;

const OTHER_CODES = [
  'invalid-settings',
  'invalid-argument',
  'unknown-variant',
  'invalid-catalogue',
  'invalid-model',
  'checksum-mismatch',
  'inference-failed',
  'throttled',
  'unavailable',
  'conflict',
  'not-found',
  'cannot-tell-apart',
  'unsupported-resource',
] as const;

export type RejectReason = (typeof REJECT_REASONS)[number];
export type FailureReason = (typeof FAILURE_REASONS)[number];
export type ErrorCode = RejectReason | FailureReason | (typeof OTHER_CODES)[number];

export interface TagmillErrorOptions {
  /** Whether the same call may succeed later, unchanged. */
  retryable?: boolean;
  cause?: unknown;
}

/** The one base error: libraries' errors are wrapped into it once, at their adapter. */
export class TagmillError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, { retryable = false, cause }: TagmillErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
    this.retryable = retryable;
  }
}

/**
 * Whether an error means that this object can never be tagged, so that it becomes a `rejected` record.
 *
 * @example
 * isRejection(new TagmillError('corrupt', 'truncated JPEG')) // true
 */
export function isRejection(error: unknown): error is TagmillError & { code: RejectReason } {
  return error instanceof TagmillError && (REJECT_REASONS as readonly string[]).includes(error.code);
}

/** The HTTP status of an error, for a problem document; others are 500. */
export const HTTP_STATUSES: Readonly<Partial<Record<ErrorCode, number>>> = {
  'invalid-argument': 400,
  'not-found': 404,
  conflict: 409,
  throttled: 503,
  unavailable: 503,
};
