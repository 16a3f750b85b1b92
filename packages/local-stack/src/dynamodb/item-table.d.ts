import type { DatabaseSync } from 'node:sqlite';
import type { Bound } from './key-conditions.ts';
import { type Index, type Key, type KeySchema, type KeyType } from './keys.ts';
import type { Item } from './values.ts';
export interface Stored {
    item: Item;
    sizeBytes: number;
}
export interface ReadRange {
    /** By its number; the table itself if absent. */
    index?: number | undefined;
    /** All if absent. */
    partition?: Uint8Array | undefined;
    from?: Bound | undefined;
    to?: Bound | undefined;
    /** Where the page before ended: a key in the index, if there is one, and in the table. */
    after?: {
        table: Key;
        index?: Key | undefined;
    } | undefined;
    forward: boolean;
}
interface Description {
    id: number;
    schema: KeySchema;
    types: Readonly<Record<string, KeyType>>;
    indexes: readonly Index[];
}
/** The rows of one DynamoDB table: the items by their key, and for each index the keys of those that are in it. */
export declare class ItemTable {
    #private;
    constructor(database: DatabaseSync, description: Description);
    get({ partition, sort }: Key): Stored | undefined;
    /** Puts an item in place of the old one, if there is one. */
    put(key: Key, item: Item, sizeBytes: number, old?: Item): void;
    delete(key: Key, old: Item): void;
    /** Rows in their order, each read as it is asked for. */
    read(range: ReadRange): Generator<Stored>;
    /** Items whose attribute holds a number of at most that, a few of them. */
    olderThan(attribute: string, seconds: number, limit: number): Item[];
    measure(): {
        count: number;
        sizeBytes: number;
    };
    countIndex(number: number): number;
    drop(): void;
    dropIndexes(): void;
    /** Enters all items into indexes that are empty. */
    fillIndexes(): void;
}
export {};
