import type { Construct } from 'constructs';
/**
 * Lambda measures a function's environment only when it is deployed, and fails then.
 *
 * @param scope whose functions are measured.
 * @throws {TagmillError} `invalid-settings` if one may be too large.
 */
export declare function assertEnvironmentsFit(scope: Construct): void;
