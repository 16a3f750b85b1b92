import type { Path, Update } from './expression-parser.ts';
import { type Item } from './values.ts';
/**
 * What an update makes of an item. All its operands are read from the item as it was.
 *
 * @param keyNames no update changes them.
 * @returns a new item; the old one stays as it is.
 * @throws {DynamoDbError} `ValidationException`.
 */
export declare function applyUpdate(update: Update, old: Item, keyNames: readonly string[]): Item;
/** The paths that an update names. */
export declare function pathsOf(update: Update): Path[];
