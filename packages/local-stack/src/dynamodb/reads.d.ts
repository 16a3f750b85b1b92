import { type Condition, Placeholders } from './expression-parser.ts';
import type { Input } from './inputs.ts';
import type { Tables } from './tables.ts';
export declare function getItem(tables: Tables, input: Input<'GetItem'>): object;
/** Keys beyond 16 MB of items come back as unprocessed. */
export declare function batchGetItem(tables: Tables, { RequestItems, ReturnConsumedCapacity }: Input<'BatchGetItem'>): object;
export declare function query(tables: Tables, input: Input<'Query'>): object;
export declare function scan(tables: Tables, input: Input<'Scan'>): object;
/** @returns undefined if there is no expression. */
export declare function parseCondition(member: string, expression: string | undefined, placeholders: Placeholders): Condition | undefined;
/** @throws {DynamoDbError} if two of these are the same. */
export declare function checkDistinct(keys: readonly string[]): void;
