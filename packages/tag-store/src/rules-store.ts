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

const OTHERS = 'Other rules, or taught tags, were put in force meanwhile: try again';

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

  /**
   * Puts rules in force.
   *
   * @param options.over the version that must be in force until then, undefined if none; any if absent.
   * @throws {TagmillError} `conflict` if another is.
   */
  async put({ version, text }: StoredRules, at: Date, options: { over?: string | undefined } = {}): Promise<void> {
    await this.#put({ ...keyOf(version), text });
    const item = { ...IN_FORCE, version, since: at.toISOString() };
    await this.#put(item, 'over' in options ? isInForce(options.over) : {}).catch((error) => {
      if (!(error instanceof TagmillError) || error.code !== 'conflict') throw error;
      throw new TagmillError('conflict', OTHERS, { cause: error, retryable: true });
    });
  }

  async #get(key: { pk: string; sk: string }): Promise<Record<string, string> | undefined> {
    const { client, tableName: TableName } = this.#options;
    const command = new GetCommand({ TableName, Key: key, ConsistentRead: true });
    return (await dynamoCall(() => client.send(command))).Item;
  }

  async #put(item: Record<string, string>, condition: object = {}): Promise<void> {
    const { client, tableName: TableName } = this.#options;
    await dynamoCall(() => client.send(new PutCommand({ TableName, Item: item, ...condition })));
  }
}

function isInForce(version: string | undefined): object {
  if (version === undefined) return { ConditionExpression: 'attribute_not_exists(pk)' };
  return {
    ConditionExpression: '#version = :version',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':version': version },
  };
}

function keyOf(version: string): { pk: string; sk: string } {
  return { pk: IN_FORCE.pk, sk: `rules#${version}` };
}
