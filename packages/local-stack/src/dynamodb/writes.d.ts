import type { Input } from './inputs.ts';
import type { Tables } from './tables.ts';
export declare function putItem(tables: Tables, input: Input<'PutItem'>): object;
export declare function deleteItem(tables: Tables, input: Input<'DeleteItem'>): object;
export declare function updateItem(tables: Tables, input: Input<'UpdateItem'>): object;
/** All of it is checked before the first is written. */
export declare function batchWriteItem(tables: Tables, { RequestItems, ReturnConsumedCapacity }: Input<'BatchWriteItem'>): object;
