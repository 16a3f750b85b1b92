import { BatchGetCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { type ImageRecord, type Outcome, TagmillError } from '@tagmill/core';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { dynamoCall } from './errors.ts';
import { allShards, outcomePartition, recordKey, tagPartition } from './keys.ts';
import { mergeSorted } from './merge.ts';
import { postingKey } from './postings.ts';
import { queryItems } from './query-items.ts';
import { TABLE_SCHEMA } from './table-schema.ts';
import type { TagStoreOptions } from './tag-store.ts';
import type { Page } from './types.ts';

/** Most records on a page: as many keys as one BatchGetItem takes. */
export const MAX_PAGE_SIZE = 100;

const BY_OUTCOME = TABLE_SCHEMA.indexes[0].name;
const POSTING_POSITION = /^\d{5}#[\w-]{22}$/;
const OUTCOME_POSITION = /^\d{4}-\d\d-\d\dT[\d:.]+Z#[\w-]{22}$/;

export interface ImagesByTagOptions {
  /** A tag, a parent of tags, or a broader tag, in upper or lower case. */
  tag: string;
  limit: number;
  cursor?: string | undefined;
}

export interface ImagesByOutcomeOptions {
  outcomes: readonly Outcome[];
  limit: number;
  cursor?: string | undefined;
}

/** An index item: `position` orders it in its listing, `id` names its image. */
interface Entry {
  position: string;
  id: string;
  partition: string;
}

type StoredItem = { pk: string; record?: ImageRecord; live?: string[]; outcomeSk?: string };

/** Pages of records. Every query asks all shards at once and merges them. */
export class TagQueries {
  readonly #options: TagStoreOptions;

  constructor(options: TagStoreOptions) {
    this.#options = options;
  }

  /**
   * The images that carry a tag, most confident first; ties in a fixed order.
   *
   * @throws {TagmillError} `invalid-argument` if the limit or the cursor is none.
   */
  async imagesByTag({ tag, limit, cursor }: ImagesByTagOptions): Promise<Page> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, POSTING_POSITION);
    const shards = allShards().map((shard) =>
      this.#entries(
        {
          KeyConditionExpression: after === undefined ? 'pk = :pk' : 'pk = :pk AND sk > :after',
          FilterExpression: 'attribute_not_exists(dead)',
          ExpressionAttributeValues: { ':pk': tagPartition(tag, shard), ...(after && { ':after': after }) },
          Limit: limit,
        },
        { partition: 'pk', position: 'sk' },
      ),
    );
    // A posting counts once its image's record lists it: until then, and after a crash, it may be a leftover.
    const isCurrent = ({ partition, position, id }: Entry, { live = [] }: StoredItem) =>
      live.some((posting) => {
        const { pk, sk } = postingKey(id, posting);
        return pk === partition && sk === position;
      });
    return this.#page(mergeSorted(shards, byPosition), limit, isCurrent);
  }

  /**
   * The images with one of the outcomes, newest first; ties in a fixed order.
   *
   * @throws {TagmillError} `invalid-argument` if the limit or the cursor is none.
   */
  async imagesByOutcome({ outcomes, limit, cursor }: ImagesByOutcomeOptions): Promise<Page> {
    const before = cursor === undefined ? undefined : decodeCursor(cursor, OUTCOME_POSITION);
    const shards = outcomes.flatMap((outcome) =>
      allShards().map((shard) =>
        this.#entries(
          {
            IndexName: BY_OUTCOME,
            KeyConditionExpression: before ? 'outcomePk = :pk AND outcomeSk < :before' : 'outcomePk = :pk',
            ExpressionAttributeValues: {
              ':pk': outcomePartition(outcome, shard),
              ...(before && { ':before': before }),
            },
            ScanIndexForward: false,
            Limit: limit,
          },
          { partition: 'outcomePk', position: 'outcomeSk' },
        ),
      ),
    );
    // The index follows the table with a delay.
    const isCurrent = ({ position }: Entry, { outcomeSk }: StoredItem) => outcomeSk === position;
    return this.#page(
      mergeSorted(shards, (a, b) => byPosition(b, a)),
      limit,
      isCurrent,
    );
  }

  async *#entries(
    query: Omit<QueryCommandInput, 'TableName'>,
    { partition, position }: { partition: string; position: string },
  ): AsyncGenerator<Entry> {
    for await (const item of queryItems<Record<string, string>>(this.#options, query)) {
      const at = item[position]!;
      yield { position: at, id: at.slice(at.lastIndexOf('#') + 1), partition: item[partition]! };
    }
  }

  async #page(
    entries: AsyncGenerator<Entry>,
    limit: number,
    isCurrent: (entry: Entry, item: StoredItem) => boolean,
  ): Promise<Page> {
    if (!(Number.isInteger(limit) && limit >= 1 && limit <= MAX_PAGE_SIZE)) {
      throw new TagmillError('invalid-argument', `limit must be an integer from 1 to ${MAX_PAGE_SIZE}, not ${limit}`);
    }
    const records: ImageRecord[] = [];
    while (true) {
      const chunk = await take(entries, limit - records.length);
      const items = await this.#items(chunk.map(({ id }) => id));
      for (const entry of chunk) {
        const item = items.get(recordKey(entry.id).pk);
        if (item?.record && isCurrent(entry, item)) records.push(item.record);
      }
      const { done: isLast } = records.length < limit ? { done: chunk.length === 0 } : await entries.next();
      if (isLast) return { records };
      if (records.length === limit) return { records, cursor: encodeCursor(chunk.at(-1)!.position) };
    }
  }

  async #items(ids: readonly string[]): Promise<Map<string, StoredItem>> {
    const { client, tableName } = this.#options;
    const found = new Map<string, StoredItem>();
    let keys: Record<string, unknown>[] = [...new Set(ids)].map((id) => ({ ...recordKey(id) }));
    while (keys.length > 0) {
      const command = new BatchGetCommand({ RequestItems: { [tableName]: { Keys: keys } } });
      const { Responses, UnprocessedKeys } = await dynamoCall(() => client.send(command));
      for (const item of (Responses?.[tableName] ?? []) as StoredItem[]) found.set(item.pk, item);
      keys = UnprocessedKeys?.[tableName]?.Keys ?? [];
    }
    return found;
  }
}

async function take<T>(source: AsyncGenerator<T>, count: number): Promise<T[]> {
  const taken: T[] = [];
  while (taken.length < count) {
    const { done, value } = await source.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}

function byPosition(a: Entry, b: Entry): number {
  return a.position < b.position ? -1 : a.position > b.position ? 1 : 0;
}
