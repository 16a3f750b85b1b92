import { paginateQuery, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { dynamoCall } from './errors.ts';
import type { TagStoreOptions } from './tag-store.ts';

/** The items of a query, page after page, read only as far as they are consumed. */
export async function* queryItems<Item>(
  { client, tableName }: TagStoreOptions,
  query: Omit<QueryCommandInput, 'TableName'>,
): AsyncGenerator<Item> {
  const pages = paginateQuery({ client }, { TableName: tableName, ...query });
  while (true) {
    const { done, value } = await dynamoCall(() => pages.next());
    if (done) return;
    yield* (value.Items ?? []) as Item[];
  }
}
