import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { GetCommand, paginateQuery, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
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
const VERSIONS = `${IN_FORCE.sk}#`;

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

  /** Every version that was ever in force, in no order. */
  async *versions(): AsyncGenerator<StoredRules> {
    const { client, tableName: TableName } = this.#options;
    const pages = paginateQuery(
      { client },
      {
        TableName,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :versions)',
        ExpressionAttributeValues: { ':pk': IN_FORCE.pk, ':versions': VERSIONS },
        ConsistentRead: true,
      },
    );
    for (;;) {
      const { value, done } = await dynamoCall(() => pages.next());
      if (done) return;
      for (const { sk, text } of value.Items ?? []) yield { version: sk.slice(VERSIONS.length), text };
    }
  }

  /**
   * Puts rules in force, at once or not at all: no version is kept that never was.
   *
   * @param options.over the version that must be in force until then, undefined if none; any if absent.
   * @throws {TagmillError} `conflict` if another is.
   */
  async put({ version, text }: StoredRules, at: Date, options: { over?: string | undefined } = {}): Promise<void> {
    const { client, tableName: TableName } = this.#options;
    const inForce = { TableName, Item: { ...IN_FORCE, version, since: at.toISOString() } };
    const condition = 'over' in options ? isInForce(options.over) : {};
    const command = new TransactWriteCommand({
      TransactItems: [{ Put: { TableName, Item: { ...keyOf(version), text } } }, { Put: { ...inForce, ...condition } }],
    });
    await dynamoCall(() => client.send(command)).catch((error) => {
      if (!isLostRace(error.cause)) throw error;
      throw new TagmillError('conflict', 'Other rules, or taught tags, were put in force meanwhile: try again', {
        cause: error,
        retryable: true,
      });
    });
  }

  async #get(key: { pk: string; sk: string }): Promise<Record<string, string> | undefined> {
    const { client, tableName: TableName } = this.#options;
    const command = new GetCommand({ TableName, Key: key, ConsistentRead: true });
    return (await dynamoCall(() => client.send(command))).Item;
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

/** Someone else put other rules in force, or does so at this moment. */
function isLostRace(error: unknown): boolean {
  if (!(error instanceof TransactionCanceledException)) return false;
  const codes = error.CancellationReasons?.map(({ Code }) => Code) ?? [];
  return codes.includes('ConditionalCheckFailed') || codes.includes('TransactionConflict');
}

function keyOf(version: string): { pk: string; sk: string } {
  return { pk: IN_FORCE.pk, sk: `${VERSIONS}${version}` };
}
