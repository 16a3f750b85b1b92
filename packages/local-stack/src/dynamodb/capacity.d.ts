/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html */
import { type Index } from './keys.ts';
import type { Table } from './tables.ts';
import { type Item } from './values.ts';
export type CapacityMode = 'NONE' | 'TOTAL' | 'INDEXES';
/** Units of one table, its indexes apart. */
export interface Usage {
    table: number;
    indexes: Record<string, number>;
}
export declare function readUnits(sizeBytes: number, isConsistent: boolean): number;
/** Of a write that put `item` in place of `old`; either may be absent. */
export declare function writeUsage(table: Table, old: Item | undefined, item: Item | undefined): Usage;
/** What an index holds of an item. */
export declare function entryOf({ schema }: Pick<Table, 'schema'>, { schema: own, included }: Index, item: Item): Item;
/** What an answer says of it, if that was asked. */
export declare function describeUsage(mode: CapacityMode, TableName: string, { table, indexes }: Usage): object | undefined;
export declare function addUsage(a: Usage | undefined, b: Usage): Usage;
