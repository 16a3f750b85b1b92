import { BatchGetCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { unpackContent } from './content.ts';
import { dynamoCall } from './errors.ts';
import { type ItemKey, imageId, type ObjectName, recordKey } from './keys.ts';
import { nameOf, stateOf } from './state.ts';
import type { ImageState, TagStoreOptions } from './types.ts';

/** As many items as one BatchGetItem takes. */
export const STATES_AT_ONCE = 100;

/**
 * What the table knows of several images. Not read consistently, at half the price: what was written a second ago may be
 * missing.
 *
 * @param names at most {@link STATES_AT_ONCE}, each once.
 * @returns in their order.
 * @throws {TagmillError} of DynamoDB.
 */
export async function readStates(
  { client, tableName }: TagStoreOptions,
  names: readonly ObjectName[],
): Promise<ImageState[]> {
  const items = new Map<string, Record<string, unknown>>();
  let keys: Record<string, unknown>[] = names.map((name) => ({ ...recordKey(imageId(name)) }));
  while (keys.length > 0) {
    const command = new BatchGetCommand({ RequestItems: { [tableName]: { Keys: keys } } });
    const { Responses, UnprocessedKeys } = await dynamoCall(() => client.send(command));
    for (const item of Responses?.[tableName] ?? []) items.set(item.pk, item);
    keys = UnprocessedKeys?.[tableName]?.Keys ?? [];
  }
  return names.map((name) => {
    const id = imageId(name);
    const item = items.get(recordKey(id).pk);
    return item ? stateOf(name, item) : { name, id, revision: 0, status: 'absent', live: [], uncertain: [] };
  });
}

/** Where to go on in a table. */
export type TablePosition = ItemKey;

export interface RecordedImages {
  names: ObjectName[];
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
export async function recordedImages(
  { client, tableName }: TagStoreOptions,
  after?: TablePosition,
): Promise<RecordedImages> {
  const command = new ScanCommand({
    TableName: tableName,
    ExclusiveStartKey: after,
    FilterExpression: 'attribute_exists(content)',
    ProjectionExpression: 'content',
  });
  const { Items = [], LastEvaluatedKey } = await dynamoCall(() => client.send(command));
  return {
    names: Items.map(({ content }) => nameOf(unpackContent(content))),
    ...(LastEvaluatedKey && { next: LastEvaluatedKey as TablePosition }),
  };
}
