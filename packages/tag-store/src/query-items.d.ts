import { type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { TagStoreOptions } from './types.ts';
/** Adds up what was asked for. */
export interface Meter {
    /** A unit is 4 kB, half of one where the read need not be consistent. */
    readUnits: number;
}
/**
 * The items of a query, page after page, read only as far as they are consumed. With a `Limit` each page is twice as long as
 * the one before: whoever reads on is likely to read far.
 */
export declare function queryItems<Item>({ client, tableName }: TagStoreOptions, query: Omit<QueryCommandInput, 'TableName'>, meter?: Meter): AsyncGenerator<Item>;
/** How many items a query finds among the first `Limit`. */
export declare function countItems({ client, tableName }: TagStoreOptions, query: Omit<QueryCommandInput, 'TableName'> & {
    Limit: number;
}, meter: Meter): Promise<number>;
