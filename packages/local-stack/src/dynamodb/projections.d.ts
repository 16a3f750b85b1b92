import type { Path } from './expression-parser.ts';
import type { Item } from './values.ts';
/** @returns of an item what lies at these paths; of lists the members that are named, in their order. */
export declare function project(item: Item, paths: readonly Path[]): Item;
/** @throws {DynamoDbError} if one of the paths lies within another. */
export declare function checkOverlap(member: string, paths: readonly Path[]): void;
