import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { TagmillError } from '@tagmill/core';
import { dynamoCall } from './errors.ts';
import type { TagStoreOptions } from './types.ts';

/** Rules as they are kept, whatever they say. */
export interface StoredRules {
  /** Names their content: the same rules have the same version. */
  version: string;
  text: string;
}

const IN_FORCE = { pk: 'K', sk: 'rules' } as const;

/**
 * The rules in force: a small item that says which, so that it can be asked for each image, and an item with what each
 * version says, which never changes. Every method throws {@link TagmillError} of DynamoDB.
 */
export class RulesStore {
  readonly #options: TagStoreOptions;

  constructor(options: TagStoreOptions) {
    this.#options = options;
  }

  /** Which rules are in force now, read consistently; undefined if none were ever put. */
  async version(): Promise<string | undefined> {
    return (await this.#get(IN_FORCE))?.version;
  }

  /** What a version says. */
  async text(version: string): Promise<string> {
    const item = await this.#get(keyOf(version));
    if (item) return item.text!;
    throw new TagmillError('internal', `The rules ${version} are in force, and the table doesn't hold them`);
  }

  /** Puts rules in force. */
  async put({ version, text }: StoredRules, at: Date): Promise<void> {
    await this.#put({ ...keyOf(version), text });
    await this.#put({ ...IN_FORCE, version, since: at.toISOString() });
  }

  async #get(key: { pk: string; sk: string }): Promise<Record<string, string> | undefined> {
    const { client, tableName: TableName } = this.#options;
    const command = new GetCommand({ TableName, Key: key, ConsistentRead: true });
    return (await dynamoCall(() => client.send(command))).Item;
  }

  async #put(item: Record<string, string>): Promise<void> {
    const { client, tableName: TableName } = this.#options;
    await dynamoCall(() => client.send(new PutCommand({ TableName, Item: item })));
  }
}

function keyOf(version: string): { pk: string; sk: string } {
  return { pk: IN_FORCE.pk, sk: `rules#${version}` };
}
