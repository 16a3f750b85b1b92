import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { dynamoCall } from './errors.ts';
import { textOf } from './get-items.ts';
import { BELOW_PARTITION, belowKey, type ItemKey, NAMES_PARTITION, nameKey, tagKey } from './keys.ts';
import type { FoundName } from './postings.ts';
import { type Meter, queryItems } from './query-items.ts';
import type { TagStoreOptions } from './types.ts';

/** A name, as a key, and one that brought it along with an image. */
export interface NameBelow {
  above: string;
  below: string;
}

/**
 * Every name that an image was ever found by, and which names it was found through, so that a prefix and a broader name can be
 * looked up. They are listed before the first posting that needs it is written, and never taken away: one too many costs a query that
 * finds nothing.
 */
export class TagNames {
  readonly #options: TagStoreOptions;
  #listed: Promise<Set<string>> | undefined;

  constructor(options: TagStoreOptions) {
    this.#options = options;
  }

  /** Lists names; asks the table once for those that are listed. */
  async list(found: readonly FoundName[]): Promise<void> {
    const listed = await this.#read();
    const items = found.flatMap(({ name, through }) => [
      { ...nameKey(name), name },
      ...through.map((below) => ({ ...belowKey(name, below), above: tagKey(name), below })),
    ]);
    await Promise.all(
      items
        .filter((item) => !listed.has(textOf(item)))
        .map(async (item) => {
          const { client, tableName } = this.#options;
          await dynamoCall(() => client.send(new PutCommand({ TableName: tableName, Item: item })));
          listed.add(textOf(item));
        }),
    );
  }

  /** The keys of the tags whose names begin so. */
  async beginningWith(prefix: string, meter?: Meter): Promise<string[]> {
    const items = this.#items<ItemKey>(NAMES_PARTITION, tagKey(prefix), meter);
    return Array.fromAsync(items, ({ sk }) => sk);
  }

  /** Of all names that begin so, the names below them. */
  async below(prefix: string, meter?: Meter): Promise<NameBelow[]> {
    const pairs = await Array.fromAsync(this.#items<NameBelow>(BELOW_PARTITION, tagKey(prefix), meter));
    // What is damaged leads nowhere.
    return pairs.filter(({ above, below }) => typeof above === 'string' && typeof below === 'string');
  }

  async #read(): Promise<Set<string>> {
    this.#listed ??= this.#readAll();
    try {
      return await this.#listed;
    } catch (error) {
      this.#listed = undefined;
      throw error;
    }
  }

  async #readAll(): Promise<Set<string>> {
    const read = (partition: string) => Array.fromAsync(this.#items<ItemKey>(partition, ''), textOf);
    const [names, below] = await Promise.all([read(NAMES_PARTITION), read(BELOW_PARTITION)]);
    return new Set([...names, ...below]);
  }

  #items<Item>(partition: string, prefix: string, meter?: Meter): AsyncGenerator<Item> {
    const beginsWith = prefix === '' ? '' : ' AND begins_with(sk, :prefix)';
    return queryItems<Item>(
      this.#options,
      {
        KeyConditionExpression: `pk = :pk${beginsWith}`,
        ExpressionAttributeValues: { ':pk': partition, ...(prefix !== '' && { ':prefix': prefix }) },
      },
      meter,
    );
  }
}
