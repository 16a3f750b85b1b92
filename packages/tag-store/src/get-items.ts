import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { dynamoCall } from './errors.ts';
import type { ItemKey } from './keys.ts';
import type { Meter } from './query-items.ts';
import type { TagStoreOptions } from './types.ts';

/** As many items as one BatchGetItem takes. */
export const ITEMS_AT_ONCE = 100;

/**
 * Items by their keys, of which there may be any number, each once. Unless they are read consistently, at twice the price, what was
 * written a second ago may be missing.
 *
 * @returns those that there are, by {@link textOf} their keys.
 * @throws {TagmillError} of DynamoDB.
 */
export async function getItems<Item extends ItemKey>(
  { client, tableName }: TagStoreOptions,
  keys: readonly ItemKey[],
  {
    attributes,
    isConsistent = false,
    meter = { readUnits: 0 },
  }: { attributes?: readonly string[]; isConsistent?: boolean; meter?: Meter } = {},
): Promise<Map<string, Item>> {
  const found = new Map<string, Item>();
  const ProjectionExpression = attributes?.join(', ');
  let left: Record<string, unknown>[] = keys.map(({ pk, sk }) => ({ pk, sk }));
  while (left.length > 0) {
    const Keys = left.slice(0, ITEMS_AT_ONCE);
    const RequestItems = { [tableName]: { Keys, ProjectionExpression, ConsistentRead: isConsistent } };
    const command = new BatchGetCommand({ RequestItems, ReturnConsumedCapacity: 'TOTAL' });
    const { Responses, UnprocessedKeys, ConsumedCapacity = [] } = await dynamoCall(() => client.send(command));
    for (const item of (Responses?.[tableName] ?? []) as Item[]) found.set(textOf(item), item);
    for (const { CapacityUnits = 0 } of ConsumedCapacity) meter.readUnits += CapacityUnits;
    left = [...(UnprocessedKeys?.[tableName]?.Keys ?? []), ...left.slice(ITEMS_AT_ONCE)];
  }
  return found;
}

/** A key as one text. */
export function textOf({ pk, sk }: ItemKey): string {
  return `${pk} ${sk}`;
}
