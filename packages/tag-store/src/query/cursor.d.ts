import type { TagStoreOptions } from '../types.ts';
import type { AccessPath } from './access-path.ts';
/** Where a page ended. */
export interface Position {
    path: AccessPath;
    /** Of the last entry that was looked at, in the order of the access path. */
    after: string;
}
/** Where the key is kept: docs/decisions/11-query.md says why there. */
export declare const CURSOR_KEY: {
    readonly pk: 'K';
    readonly sk: 'cursors';
};
/**
 * Cursors that nobody but the service can make: a position, and its HMAC under the table's key, over the question as well,
 * so that a cursor continues only what it came from.
 */
export declare class Cursors {
    #private;
    constructor(options: TagStoreOptions);
    /** @param question what was asked, in whatever form, as long as it is the same for {@link open}. */
    seal(question: string, position: Position): Promise<string>;
    /** @throws {TagmillError} `invalid-argument` if the cursor wasn't made for this question. */
    open(question: string, cursor: string): Promise<Position>;
}
