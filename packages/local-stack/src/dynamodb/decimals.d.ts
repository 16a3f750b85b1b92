/**
 * @returns the number as DynamoDB gives it back: without exponent, leading or trailing zeros.
 * @throws {DynamoDbError} for what is no number, has too many digits, or is too large or too small.
 */
export declare function canonicalNumber(text: string): string;
/** @param sign -1 subtracts. */
export declare function addNumbers(a: string, b: string, sign?: 1 | -1): string;
/** @returns below, at or above 0. */
export declare function compareNumbers(a: string, b: string): number;
/** Bytes that are in the order of the numbers. */
export declare function encodeNumber(text: string): Buffer;
/** Bytes that DynamoDB counts: one for each two digits, and one. */
export declare function measureNumber(canonical: string): number;
