import { type ItemKey, type ObjectName } from './keys.ts';
import type { ImageState, TagStoreOptions, UnreadableItem } from './types.ts';
/** In one request. */
export declare const STATES_AT_ONCE = 100;
/**
 * What the table knows of several images. Unless it is read consistently, at twice the price, what was written a second ago may be
 * missing.
 *
 * @param names each once.
 * @returns in their order.
 * @throws {TagmillError} of DynamoDB.
 */
export declare function readStates(options: TagStoreOptions, names: readonly ObjectName[], { isConsistent }?: {
    isConsistent?: boolean;
}): Promise<ImageState[]>;
/** Where to go on in a table. */
export type TablePosition = ItemKey;
export interface RecordedImages {
    names: ObjectName[];
    unreadable: UnreadableItem[];
    /** Absent at the end. */
    next?: TablePosition;
}
/**
 * Some images that have a record, in the table's own order: whatever is written meanwhile, one that has a record all the
 * time comes once. It reads the whole table, a megabyte a page: 3 kB an image with its postings, so a million images take
 * some 0.4 million read units.
 *
 * @throws {TagmillError} of DynamoDB.
 */
export declare function readRecordedImages({ client, tableName }: TagStoreOptions, after?: TablePosition): Promise<RecordedImages>;
