import { type Item, type Value } from './values.ts';
export type KeyType = 'S' | 'N' | 'B';
/** Of a table or an index. */
export interface KeySchema {
    hash: string;
    range?: string | undefined;
}
/** A global secondary index. */
export interface Index {
    name: string;
    schema: KeySchema;
    /** Names that it holds besides the keys; all if absent. */
    included?: readonly string[];
}
/** Where a row lies: partitions in an order that has nothing to do with their names, within one by the sort key. */
export interface Key {
    partition: Uint8Array;
    /** Empty if there is no sort key. */
    sort: Uint8Array;
}
export declare function namesOf({ hash, range }: KeySchema): string[];
/** @throws {DynamoDbError} if the item lacks its key, or it has a wrong type or size. */
export declare function keyOfItem(schema: KeySchema, types: Readonly<Record<string, KeyType>>, item: Item): Key;
/** Of a request that names an item: the key's attributes, and no others. */
export declare function keyOfRequest(schema: KeySchema, types: Readonly<Record<string, KeyType>>, given: Item): Key;
/** @returns an item's key in an index; undefined if it lacks one of its attributes, so isn't in the index. */
export declare function keyInIndex(schema: KeySchema, types: Readonly<Record<string, KeyType>>, item: Item, indexName: string): Key | undefined;
export declare function encodePartition(value: Value): Buffer;
/** In the order of the values of one type. */
export declare function encodeKeyValue({ S, N, B }: Value): Buffer;
