import type { ItemKey } from './keys.ts';
import type { Meter } from './query-items.ts';
import type { TagStoreOptions } from './types.ts';
/** As many items as one BatchGetItem takes. */
export declare const ITEMS_AT_ONCE = 100;
/**
 * Items by their keys, of which there may be any number, each once. Unless they are read consistently, at twice the price, what was
 * written a second ago may be missing.
 *
 * @returns those that there are, by {@link textOf} their keys.
 * @throws {TagmillError} of DynamoDB.
 */
export declare function getItems<Item extends ItemKey>({ client, tableName }: TagStoreOptions, keys: readonly ItemKey[], { attributes, isConsistent, meter, }?: {
    attributes?: readonly string[];
    isConsistent?: boolean;
    meter?: Meter;
}): Promise<Map<string, Item>>;
/** A key as one text. */
export declare function textOf({ pk, sk }: ItemKey): string;
