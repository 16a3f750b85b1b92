import { createHash } from 'node:crypto';
import { addUsage, describeUsage, readUnits, type Usage } from './capacity.ts';
import { DynamoDbError, invalid } from './errors.ts';
import { Placeholders } from './expression-parser.ts';
import type { Input } from './inputs.ts';
import { type Key, keyOfRequest } from './keys.ts';
import { project } from './projections.ts';
import { parseProjection } from './reads.ts';
import type { Table, Tables } from './tables.ts';
import { checkItem, measureItem } from './values.ts';
import { type PreparedWrite, prepareCheck, prepareDelete, preparePut, prepareUpdate } from './writes.ts';

const MAX_TRANSACTION_BYTES = 4 * 2 ** 20;
/** How long a request that is sent again is known by its token. */
const TOKEN_MS = 10 * 60 * 1000;

/** What became of each part of a transaction that was cancelled. */
interface Reason {
  Code: 'None' | 'ConditionalCheckFailed' | 'ValidationError';
  Message?: string;
  Item?: object;
}

/**
 * Writes all or none. The caller has opened a transaction of the database, which an error takes back.
 *
 * @throws {DynamoDbError} `TransactionCanceledException` with a reason for each part; `IdempotentParameterMismatchException` if the token
 * was another request's.
 */
export function transactWriteItems(tables: Tables, input: Input<'TransactWriteItems'>): object {
  const { TransactItems, ClientRequestToken, ReturnConsumedCapacity } = input;
  if (ClientRequestToken === undefined) {
    return consumed(ReturnConsumedCapacity, applyAll(prepareWrites(tables, TransactItems)));
  }
  const tokens = findTokens(tables);
  const digest = createHash('sha256').update(JSON.stringify(TransactItems)).digest('hex');
  const isRepeated = tokens.has(ClientRequestToken, digest);
  const writes = prepareWrites(tables, TransactItems);
  const usages = isRepeated ? [] : applyAll(writes);
  tokens.remember(ClientRequestToken, digest);
  return consumed(ReturnConsumedCapacity, usages);
}

/** Reads all at one moment: nothing is written between. */
export function transactGetItems(tables: Tables, input: Input<'TransactGetItems'>): object {
  let sizeBytes = 0;
  const gets = input.TransactItems.map(({ Get }) => {
    const table = tables.get(Get.TableName);
    const placeholders = new Placeholders(Get.ExpressionAttributeNames);
    const paths = parseProjection(Get.ProjectionExpression, placeholders);
    placeholders.checkAllUsed();
    const key = keyOfRequest(table.schema, table.types, checkItem(Get.Key));
    return { table, key, paths };
  });
  checkApart(gets);
  const usages: [Table, Usage][] = [];
  const Responses = gets.map(({ table, key, paths }) => {
    const found = table.items.get(key);
    sizeBytes += found?.sizeBytes ?? 0;
    usages.push([table, { table: readUnits(found?.sizeBytes ?? 0, true), indexes: {} }]);
    return found ? { Item: paths ? project(found.item, paths) : found.item } : {};
  });
  if (sizeBytes > MAX_TRANSACTION_BYTES) throw tooLarge();
  return { Responses, ...consumed(input.ReturnConsumedCapacity, usages) };
}

type WritePart = Input<'TransactWriteItems'>['TransactItems'][number];

function prepareWrites(tables: Tables, parts: readonly WritePart[]): PreparedWrite[] {
  const writes = parts.map((part) => prepareWrite(tables, part));
  checkApart(writes);
  return writes;
}

function prepareWrite(tables: Tables, part: WritePart): PreparedWrite {
  const { ConditionCheck, Put, Delete, Update } = part;
  const given = [ConditionCheck, Put, Delete, Update].filter((each) => each !== undefined);
  if (given.length !== 1) {
    throw invalid('TransactItems can only contain one of Check, Put, Update or Delete');
  }
  if (ConditionCheck) return prepareCheck(tables, ConditionCheck);
  if (Put) return preparePut(tables, Put);
  return Delete ? prepareDelete(tables, Delete) : prepareUpdate(tables, Update!);
}

function applyAll(writes: readonly PreparedWrite[]): [Table, Usage][] {
  let sizeBytes = 0;
  const usages: [Table, Usage][] = [];
  const reasons = writes.map(({ table, apply }): Reason => {
    try {
      const { item, usage } = apply();
      sizeBytes += item ? measureItem(item) : 0;
      usages.push([table, usage]);
      return { Code: 'None' };
    } catch (error) {
      return reasonOf(error);
    }
  });
  if (reasons.some(({ Code }) => Code !== 'None')) {
    const codes = reasons.map(({ Code }) => Code).join(', ');
    throw new DynamoDbError(
      'TransactionCanceledException',
      `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
      { CancellationReasons: reasons },
    );
  }
  if (sizeBytes > MAX_TRANSACTION_BYTES) throw tooLarge();
  return usages;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html#API_TransactWriteItems_Errors */
function reasonOf(error: unknown): Reason {
  if (!(error instanceof DynamoDbError)) throw error;
  const { errorName, message, details } = error;
  if (errorName === 'ConditionalCheckFailedException') {
    return { Code: 'ConditionalCheckFailed', Message: message, ...details };
  }
  if (errorName === 'ValidationException') return { Code: 'ValidationError', Message: message };
  throw error;
}

/** @throws {DynamoDbError} if an item is named twice. */
function checkApart(parts: readonly { table: Table; key: Key }[]): void {
  const names = parts.map(({ table, key: { partition, sort } }) =>
    [table.name, partition, sort].map((each) => Buffer.from(each).toString('base64')).join(' '),
  );
  if (new Set(names).size < names.length) {
    throw invalid('Transaction request cannot include multiple operations on one item');
  }
}

function tooLarge(): DynamoDbError {
  return invalid('Transaction request size cannot exceed 4194304 bytes');
}

function consumed(mode: Input<'TransactGetItems'>['ReturnConsumedCapacity'], usages: readonly [Table, Usage][]) {
  const byTable = new Map<string, Usage>();
  for (const [{ name }, usage] of usages) {
    // To prepare, and to commit.
    const twice = addUsage(usage, usage);
    byTable.set(name, addUsage(byTable.get(name), twice));
  }
  const ConsumedCapacity = [...byTable].flatMap(([name, usage]) => describeUsage(mode, name, usage) ?? []);
  return ConsumedCapacity.length > 0 ? { ConsumedCapacity } : {};
}

/** Requests that were carried out, by their tokens. */
class Tokens {
  readonly #seen = new Map<string, { digest: string; atMs: number }>();

  /** @throws {DynamoDbError} `IdempotentParameterMismatchException` if it was another request's. */
  has(token: string, digest: string): boolean {
    const seen = this.#seen.get(token);
    if (!seen || Date.now() - seen.atMs > TOKEN_MS) return false;
    if (seen.digest === digest) return true;
    throw new DynamoDbError(
      'IdempotentParameterMismatchException',
      'The request uses the same client token as a previous, but non-identical request.',
    );
  }

  remember(token: string, digest: string): void {
    const nowMs = Date.now();
    // In the order in which they came.
    for (const [old, { atMs }] of this.#seen) {
      if (nowMs - atMs <= TOKEN_MS) break;
      this.#seen.delete(old);
    }
    if (!this.#seen.has(token)) this.#seen.set(token, { digest, atMs: nowMs });
  }
}

const TOKENS = new WeakMap<Tables, Tokens>();

function findTokens(tables: Tables): Tokens {
  const tokens = TOKENS.get(tables) ?? new Tokens();
  TOKENS.set(tables, tokens);
  return tokens;
}
