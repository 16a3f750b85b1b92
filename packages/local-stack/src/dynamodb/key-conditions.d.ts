import type { Condition } from './expression-parser.ts';
import { type KeySchema, type KeyType } from './keys.ts';
/** Rows of one partition, as far as its sort keys go from one to another. */
export interface Range {
    partition: Uint8Array;
    from?: Bound;
    to?: Bound;
}
export interface Bound {
    bytes: Uint8Array;
    isIncluded: boolean;
}
/**
 * Reads a key condition: `hash = value`, and for the sort key a comparison, BETWEEN or begins_with.
 *
 * @throws {DynamoDbError} `ValidationException` for any other.
 */
export declare function rangeOf(condition: Condition, schema: KeySchema, types: Readonly<Record<string, KeyType>>): Range;
