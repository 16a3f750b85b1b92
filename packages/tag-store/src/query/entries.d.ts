import type { Facts } from '../expression/matches.ts';
import { type Meter } from '../query-items.ts';
import type { TagStoreOptions } from '../types.ts';
import { type AccessPath } from './access-path.ts';
/** An image as an access path names it, perhaps out of date. */
export interface Entry {
    id: string;
    /** Orders the entries of an access path. */
    position: string;
    /** Which of the access path's lists it is on: an image may be on several. */
    list: number;
    /** Absent where they can't be read: then the record alone says whether it is an answer. */
    facts?: Facts;
}
export interface ReadEntriesOptions {
    table: TagStoreOptions;
    meter: Meter;
    /** The position to go on after. */
    after?: string | undefined;
    /** About how many entries will be wanted. */
    wanted: number;
}
/** An access path's entries in its order, read only as far as they are consumed. All its ranges are asked at once. */
export declare function readEntries(path: AccessPath, options: ReadEntriesOptions): AsyncGenerator<Entry>;
/** About how many entries an access path has, up to a bound: some of its ranges are counted, and stand for the others. */
export declare function measureAccessPath(path: AccessPath, { table, meter }: Pick<ReadEntriesOptions, 'table' | 'meter'>): Promise<number>;
