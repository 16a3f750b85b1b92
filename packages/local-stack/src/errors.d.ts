/** What can go wrong here, in one closed list. */
export type LocalStackErrorCode = 'conflict' | 'internal' | 'invalid-argument' | 'not-found' | 'timeout' | 'unavailable' | 'unsupported-resource';
/** The base of this package's errors. */
export declare class LocalStackError extends Error {
    readonly code: LocalStackErrorCode;
    constructor(code: LocalStackErrorCode, message: string, { cause }?: {
        cause?: unknown;
    });
}
