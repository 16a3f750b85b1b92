import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { dynamoCall } from './errors.ts';
import { NAMES_PARTITION, nameKey, tagKey } from './keys.ts';
import { type Meter, queryItems } from './query-items.ts';
import type { TagStoreOptions } from './types.ts';

/**
 * Every name that an image was ever found by, so that a prefix can be looked up. A name is listed before its first posting is
 * written and never taken away: a name too many costs a query that finds nothing.
 */
export class TagNames {
  readonly #options: TagStoreOptions;
  readonly #listed = new Set<string>();

  constructor(options: TagStoreOptions) {
    this.#options = options;
  }

  /** Lists names; asks the table only about those that this process hasn't seen yet. */
  async list(names: readonly string[]): Promise<void> {
    await Promise.all(names.filter((name) => !this.#listed.has(tagKey(name))).map((name) => this.#list(name)));
  }

  /** The keys of the tags whose names begin so. */
  async beginningWith(prefix: string, meter?: Meter): Promise<string[]> {
    const items = queryItems<{ sk: string }>(
      this.#options,
      {
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': NAMES_PARTITION, ':prefix': tagKey(prefix) },
      },
      meter,
    );
    return Array.fromAsync(items, ({ sk }) => sk);
  }

  async #list(name: string): Promise<void> {
    const { client, tableName } = this.#options;
    const { Item: item } = await dynamoCall(() =>
      client.send(new GetCommand({ TableName: tableName, Key: nameKey(name) })),
    );
    if (!item) {
      await dynamoCall(() => client.send(new PutCommand({ TableName: tableName, Item: { ...nameKey(name), name } })));
    }
    this.#listed.add(tagKey(name));
  }
}
