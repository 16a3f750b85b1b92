import type { Condition, Path } from './expression-parser.ts';
import { type Item, type Value } from './values.ts';
/** @returns whether an item, which is empty if there is none, meets a condition. */
export declare function isMet(condition: Condition, item: Item): boolean;
/** What is there at a path, if anything is. */
export declare function valueAt(item: Item, [name, ...rest]: Path): Value | undefined;
