import { QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { dynamoCall } from './errors.ts';
import type { TagStoreOptions } from './types.ts';

/** Adds up what was asked for. */
export interface Meter {
  /** A unit is 4 kB, half of one where the read need not be consistent. */
  readUnits: number;
}

/** DynamoDB stops a page at 1 MB anyway; a posting or an index entry has 0.2 to 0.5 kB. */
const MAX_PAGE_ITEMS = 1000;

/**
 * The items of a query, page after page, read only as far as they are consumed. With a `Limit` each page is twice as long as
 * the one before: whoever reads on is likely to read far.
 */
export async function* queryItems<Item>(
  { client, tableName }: TagStoreOptions,
  query: Omit<QueryCommandInput, 'TableName'>,
  meter: Meter = { readUnits: 0 },
): AsyncGenerator<Item> {
  let next: Partial<QueryCommandInput> = { Limit: query.Limit };
  do {
    const command = new QueryCommand({ TableName: tableName, ReturnConsumedCapacity: 'TOTAL', ...query, ...next });
    const { Items = [], LastEvaluatedKey, ConsumedCapacity } = await dynamoCall(() => client.send(command));
    meter.readUnits += ConsumedCapacity?.CapacityUnits ?? 0;
    yield* Items as Item[];
    next = {
      Limit: next.Limit && Math.min(2 * next.Limit, MAX_PAGE_ITEMS),
      ExclusiveStartKey: LastEvaluatedKey,
    };
  } while (next.ExclusiveStartKey);
}

/** How many items a query finds among the first `Limit`. */
export async function countItems(
  { client, tableName }: TagStoreOptions,
  query: Omit<QueryCommandInput, 'TableName'> & { Limit: number },
  meter: Meter,
): Promise<number> {
  const input = { TableName: tableName, ReturnConsumedCapacity: 'TOTAL', Select: 'COUNT', ...query } as const;
  const { Count = 0, ConsumedCapacity } = await dynamoCall(() => client.send(new QueryCommand(input)));
  meter.readUnits += ConsumedCapacity?.CapacityUnits ?? 0;
  return Count;
}
