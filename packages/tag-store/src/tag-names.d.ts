import type { FoundName } from './postings.ts';
import { type Meter } from './query-items.ts';
import type { TagStoreOptions } from './types.ts';
/** A name, as a key, and one that brought it along with an image. */
export interface NameBelow {
    above: string;
    below: string;
}
/**
 * Every name that an image was ever found by, and which names it was found through, so that a prefix and a broader name can be
 * looked up. They are listed before the first posting that needs it is written, and never taken away: one too many costs a query that
 * finds nothing.
 */
export declare class TagNames {
    #private;
    constructor(options: TagStoreOptions);
    /** Lists names; asks the table once for those that are listed. */
    list(found: readonly FoundName[]): Promise<void>;
    /** The keys of the tags whose names begin so. */
    beginningWith(prefix: string, meter?: Meter): Promise<string[]>;
    /** Of all names that begin so, the names below them. */
    below(prefix: string, meter?: Meter): Promise<NameBelow[]>;
}
