import type { Expression } from '../expression/expression.ts';
import type { TagStoreOptions } from '../types.ts';
/**
 * Holds what an expression asks of variants against those that there are: the known ones, and only if none of them fits, those that
 * images in the table were tagged with, which the whole index has to be read for.
 *
 * @throws {TagmillError} `invalid-argument` if no variant fits, with those that there are.
 */
export declare function checkVariants(expression: Expression, { known, table }: {
    known: readonly string[];
    table: TagStoreOptions;
}): Promise<void>;
