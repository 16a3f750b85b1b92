/** Everything that can go wrong, in one closed list. The first two groups are also the reasons that a record may carry. */
export declare const REJECT_REASONS: readonly ['empty-file', 'not-a-file', 'unsupported-format', 'active-content', 'corrupt', 'too-many-bytes', 'too-many-pixels', 'encrypted', 'archived', 'crashed-decoder'];
export declare const FAILURE_REASONS: readonly ['unreadable', 'timeout', 'gave-up', 'internal'];
declare const OTHER_CODES: readonly ['invalid-settings', 'invalid-argument', 'unknown-variant', 'invalid-catalogue', 'invalid-model', 'checksum-mismatch', 'inference-failed', 'throttled', 'unavailable', 'conflict', 'not-found', 'cannot-tell-apart', 'unsupported-resource'];
export type RejectReason = (typeof REJECT_REASONS)[number];
export type FailureReason = (typeof FAILURE_REASONS)[number];
export type ErrorCode = RejectReason | FailureReason | (typeof OTHER_CODES)[number];
export interface TagmillErrorOptions {
    /** Whether the same call may succeed later, unchanged. */
    retryable?: boolean;
    cause?: unknown;
}
/** The one base error: libraries' errors are wrapped into it once, at their adapter. */
export declare class TagmillError extends Error {
    readonly code: ErrorCode;
    readonly retryable: boolean;
    constructor(code: ErrorCode, message: string, { retryable, cause }?: TagmillErrorOptions);
}
/**
 * Whether an error means that this object can never be tagged, so that it becomes a `rejected` record.
 *
 * @example
 * isRejection(new TagmillError('corrupt', 'truncated JPEG')) // true
 */
export declare function isRejection(error: unknown): error is TagmillError & {
    code: RejectReason;
};
/** The HTTP status of an error, for a problem document; others are 500. */
export declare const HTTP_STATUSES: Readonly<Partial<Record<ErrorCode, number>>>;
export {};
