import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { dynamoCall } from './errors.ts';
import { readRecordedState } from './state.ts';
import type { ImageState, TagStoreOptions, UnreadableItem } from './types.ts';

/**
 * Every image that has a record, by reading the whole table, consistently: what was there when it began is certain to come.
 * About 3 kB an image with its postings, so a million images take some 0.8 million read units (0.10 US dollars).
 *
 * @param onUnreadable hears of each record that can't be read; the others come all the same.
 * @throws {TagmillError} of DynamoDB.
 */
export async function* scanImages(
  { client, tableName }: TagStoreOptions,
  onUnreadable: (item: UnreadableItem) => void,
): AsyncGenerator<ImageState> {
  const pages = paginateScan(
    { client },
    {
      TableName: tableName,
      ConsistentRead: true,
      FilterExpression: 'attribute_exists(content)',
    },
  );
  while (true) {
    const { done, value } = await dynamoCall(() => pages.next());
    if (done) return;
    for (const item of value.Items ?? []) {
      const state = readRecordedState(item);
      if ('name' in state) yield state;
      else onUnreadable(state);
    }
  }
}
