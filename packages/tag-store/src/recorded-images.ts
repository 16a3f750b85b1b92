import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { dynamoCall } from './errors.ts';
import { getItems, ITEMS_AT_ONCE, textOf } from './get-items.ts';
import { type ItemKey, imageId, type ObjectName, recordKey } from './keys.ts';
import { makeAbsentState, readRecordedState, readState } from './state.ts';
import type { ImageState, TagStoreOptions, UnreadableItem } from './types.ts';

/** In one request. */
export const STATES_AT_ONCE = ITEMS_AT_ONCE;

/**
 * What the table knows of several images. Unless it is read consistently, at twice the price, what was written a second ago may be
 * missing.
 *
 * @param names each once.
 * @returns in their order.
 * @throws {TagmillError} of DynamoDB.
 */
export async function readStates(
  options: TagStoreOptions,
  names: readonly ObjectName[],
  { isConsistent = false }: { isConsistent?: boolean } = {},
): Promise<ImageState[]> {
  const keys = names.map((name) => recordKey(imageId(name)));
  const items = await getItems(options, keys, { isConsistent });
  return names.map((name, i) => {
    const item = items.get(textOf(keys[i]!));
    return item ? readState(name, item) : makeAbsentState(name);
  });
}

/**
 * The same of images by their ids, read consistently.
 *
 * @param ids each once.
 * @returns in their order; undefined where there is no record.
 * @throws {TagmillError} of DynamoDB.
 */
export async function readStatesById(
  options: TagStoreOptions,
  ids: readonly string[],
): Promise<(ImageState | UnreadableItem | undefined)[]> {
  const items = await getItems(options, ids.map(recordKey), { isConsistent: true });
  return ids.map((id) => {
    const item = items.get(textOf(recordKey(id)));
    return item && 'content' in item ? readRecordedState(item) : undefined;
  });
}

/** Where to go on in a table. */
export type TablePosition = ItemKey;

export interface RecordedImages {
  names: ObjectName[];
  unreadable: UnreadableItem[];
  /** Absent at the end. */
  next?: TablePosition;
}

/**
 * Some images that have a record, in the table's own order: whatever is written meanwhile, one that has a record all the
 * time comes once. It reads the whole table, a megabyte a page: 3 kB an image with its postings, so a million images take
 * some 0.4 million read units.
 *
 * @throws {TagmillError} of DynamoDB.
 */
export async function readRecordedImages(
  { client, tableName }: TagStoreOptions,
  after?: TablePosition,
): Promise<RecordedImages> {
  const command = new ScanCommand({
    TableName: tableName,
    ExclusiveStartKey: after,
    FilterExpression: 'attribute_exists(content)',
    ProjectionExpression: 'pk, rev, content, facts, corrections',
  });
  const { Items = [], LastEvaluatedKey } = await dynamoCall(() => client.send(command));
  const states = Items.map(readRecordedState);
  return {
    names: states.flatMap((state) => ('name' in state ? [state.name] : [])),
    unreadable: states.flatMap((state) => ('name' in state ? [] : [state])),
    ...(LastEvaluatedKey && { next: LastEvaluatedKey as TablePosition }),
  };
}
