import type { ImageState, TagStoreOptions, UnreadableItem } from './types.ts';
/**
 * Every image that has a record, by reading the whole table, consistently: what was there when it began is certain to come.
 * About 3 kB an image with its postings, so a million images take some 0.8 million read units (0.10 US dollars).
 *
 * @param onUnreadable hears of each record that can't be read; the others come all the same.
 * @throws {TagmillError} of DynamoDB.
 */
export declare function scanImages({ client, tableName }: TagStoreOptions, onUnreadable: (item: UnreadableItem) => void): AsyncGenerator<ImageState>;
