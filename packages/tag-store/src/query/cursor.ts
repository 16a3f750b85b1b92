import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { TagmillError } from '@tagmill/core';
import { dynamoCall } from '../errors.ts';
import type { TagStoreOptions } from '../types.ts';
import type { AccessPath } from './access-path.ts';

/** Where a page ended. */
export interface Position {
  path: AccessPath;
  /** Of the last entry that was looked at, in the order of the access path. */
  after: string;
}

const MAC_BYTES = 16;

/** Where the key is kept: docs/decisions/11-query.md says why there. */
export const CURSOR_KEY = { pk: 'K', sk: 'cursors' } as const;

/**
 * Cursors that nobody but the service can make: a position, and its HMAC under the table's key, over the question as well,
 * so that a cursor continues only what it came from.
 */
export class Cursors {
  readonly #options: TagStoreOptions;
  #key: Promise<Uint8Array> | undefined;

  constructor(options: TagStoreOptions) {
    this.#options = options;
  }

  /** @param question what was asked, in whatever form, as long as it is the same for {@link open}. */
  async seal(question: string, position: Position): Promise<string> {
    const payload = Buffer.from(JSON.stringify(position));
    return Buffer.concat([await this.#mac(question, payload), payload]).toString('base64url');
  }

  /** @throws {TagmillError} `invalid-argument` if the cursor wasn't made for this question. */
  async open(question: string, cursor: string): Promise<Position> {
    const bytes = Buffer.from(cursor, 'base64url');
    const [given, payload] = [bytes.subarray(0, MAC_BYTES), bytes.subarray(MAC_BYTES)];
    if (given.length === MAC_BYTES && timingSafeEqual(given, await this.#mac(question, payload))) {
      return JSON.parse(payload.toString('utf8'));
    }
    throw new TagmillError('invalid-argument', `cursor: not one that a page of this question ended with: ${cursor}`);
  }

  async #mac(question: string, payload: Uint8Array): Promise<Uint8Array> {
    this.#key ??= this.#readKey().catch((error) => {
      this.#key = undefined;
      throw error;
    });
    return createHmac('sha256', await this.#key)
      .update(`${question}\0`)
      .update(payload)
      .digest()
      .subarray(0, MAC_BYTES);
  }

  /** Whoever comes first makes it. */
  async #readKey(): Promise<Uint8Array> {
    const { client, tableName: TableName } = this.#options;
    const read = () =>
      dynamoCall(() => client.send(new GetCommand({ TableName, Key: CURSOR_KEY, ConsistentRead: true })));
    const { Item: item } = await read();
    if (item) return item.key;
    const put = new PutCommand({
      TableName,
      Item: { ...CURSOR_KEY, key: randomBytes(32) },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    try {
      await dynamoCall(() => client.send(put));
    } catch (error) {
      if (!(error instanceof TagmillError && error.code === 'conflict')) throw error;
    }
    return (await read()).Item!.key;
  }
}
