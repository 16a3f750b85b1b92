/**
 * Runs a call to DynamoDB and wraps what it throws.
 *
 * @throws {TagmillError} `conflict` if a condition failed, `throttled` or `unavailable` if the same call may succeed later,
 * else `internal`.
 */
export declare function dynamoCall<T>(call: () => Promise<T>): Promise<T>;
