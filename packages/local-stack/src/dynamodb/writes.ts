import { addUsage, type CapacityMode, describeUsage, type Usage, writeUsage } from './capacity.ts';
import { isMet } from './conditions.ts';
import { DynamoDbError, invalid } from './errors.ts';
import { Placeholders, parseExpression, type Update } from './expression-parser.ts';
import type { Input } from './inputs.ts';
import { type Key, keyOfItem, keyOfRequest, namesOf } from './keys.ts';
import { project } from './projections.ts';
import { checkDistinct, parseCondition } from './reads.ts';
import type { Table, Tables } from './tables.ts';
import { applyUpdate, pathsOf } from './updates.ts';
import { checkItem, type Item, measureItem } from './values.ts';

const MAX_ITEM_BYTES = 400 * 1024;
const MAX_BATCH_REQUESTS = 25;
const NO_CHANGE: Update = { set: [], remove: [], add: [], delete: [] };

export function putItem(tables: Tables, input: Input<'PutItem'>): object {
  const { table, apply } = preparePut(tables, input);
  const { old, usage } = apply();
  return { ...(input.ReturnValues === 'ALL_OLD' && old && { Attributes: old }), ...consumed(input, table, usage) };
}

export function deleteItem(tables: Tables, input: Input<'DeleteItem'>): object {
  const { table, apply } = prepareDelete(tables, input);
  const { old, usage } = apply();
  return { ...(input.ReturnValues === 'ALL_OLD' && old && { Attributes: old }), ...consumed(input, table, usage) };
}

export function updateItem(tables: Tables, input: Input<'UpdateItem'>): object {
  const { table, apply, update } = prepareUpdate(tables, input);
  const { old, item, usage } = apply();
  const { ReturnValues } = input;
  const source = ReturnValues.endsWith('_OLD') ? old : item;
  const Attributes = ReturnValues.startsWith('UPDATED') && source ? project(source, pathsOf(update)) : source;
  const isWanted = ReturnValues !== 'NONE' && Attributes && Object.keys(Attributes).length > 0;
  return { ...(isWanted && { Attributes }), ...consumed(input, table, usage) };
}

/** All of it is checked before the first is written. */
export function batchWriteItem(
  tables: Tables,
  { RequestItems, ReturnConsumedCapacity }: Input<'BatchWriteItem'>,
): object {
  const requests = Object.entries(RequestItems);
  const count = requests.reduce((sum, [, each]) => sum + each.length, 0);
  if (count === 0) throw invalid('The batch write request list cannot be empty');
  if (count > MAX_BATCH_REQUESTS) throw invalid('Too many items requested for the BatchWriteItem call');
  const usages = new Map<string, Usage>();
  const writes = requests.flatMap(([name, each]) => {
    const table = tables.get(name);
    const entries = each.map((request) => {
      const item = 'PutRequest' in request ? checkItem(request.PutRequest.Item) : undefined;
      const key =
        'DeleteRequest' in request
          ? keyOfRequest(table.schema, table.types, checkItem(request.DeleteRequest.Key))
          : keyOfItem(table.schema, table.types, item!);
      if (item) checkSize(item, 'Item size has exceeded the maximum allowed size');
      return { table, key, item };
    });
    checkDistinct(entries.map(({ key }) => Buffer.concat([key.partition, key.sort]).toString('latin1')));
    return entries;
  });
  for (const { table, key, item } of writes) {
    usages.set(table.name, addUsage(usages.get(table.name), replace(table, key, table.items.get(key)?.item, item)));
  }
  const ConsumedCapacity = [...usages].flatMap(
    ([name, usage]) => describeUsage(ReturnConsumedCapacity, name, usage) ?? [],
  );
  return { UnprocessedItems: {}, ...(ConsumedCapacity.length > 0 && { ConsumedCapacity }) };
}

type Members = 'ConditionExpression' | 'ReturnValuesOnConditionCheckFailure' | 'TableName';
type Expressions = Pick<Input<'UpdateItem'>, 'ExpressionAttributeNames' | 'ExpressionAttributeValues'>;
type ConditionalWrite = Pick<Input<'UpdateItem'>, Members> & Expressions & { UpdateExpression?: string | undefined };

/** A write whose request is right, whatever the table holds. */
export interface PreparedWrite {
  table: Table;
  key: Key;
  /**
   * Replaces the item, if its condition is met.
   *
   * @throws {DynamoDbError} `ConditionalCheckFailedException`, with the item if that was asked; `ValidationException` if the item that is
   * there can't be changed so.
   */
  apply(): { old: Item | undefined; item: Item | undefined; usage: Usage };
}

export function preparePut(tables: Tables, input: ConditionalWrite & { Item?: unknown }): PreparedWrite {
  const table = tables.get(input.TableName);
  const item = checkItem(input.Item);
  const key = keyOfItem(table.schema, table.types, item);
  return prepare(table, key, input, placeholdersOf(input), () => item);
}

export function prepareDelete(tables: Tables, input: ConditionalWrite & { Key?: unknown }): PreparedWrite {
  const table = tables.get(input.TableName);
  const key = keyOfRequest(table.schema, table.types, checkItem(input.Key));
  return prepare(table, key, input, placeholdersOf(input), () => undefined);
}

export function prepareUpdate(
  tables: Tables,
  input: ConditionalWrite & { Key?: unknown },
): PreparedWrite & { update: Update } {
  const table = tables.get(input.TableName);
  const keyItem = checkItem(input.Key);
  const key = keyOfRequest(table.schema, table.types, keyItem);
  const placeholders = placeholdersOf(input);
  const { UpdateExpression } = input;
  const update =
    UpdateExpression === undefined
      ? NO_CHANGE
      : parseExpression('UpdateExpression', UpdateExpression, placeholders, (parser) => parser.update());
  const keyNames = namesOf(table.schema);
  const change = (before: Item | undefined) => applyUpdate(update, before ?? keyItem, keyNames);
  return { ...prepare(table, key, input, placeholders, change), update };
}

/** A condition alone: the item stays as it is. */
export function prepareCheck(tables: Tables, input: ConditionalWrite & { Key?: unknown }): PreparedWrite {
  const table = tables.get(input.TableName);
  const key = keyOfRequest(table.schema, table.types, checkItem(input.Key));
  return prepare(table, key, input, placeholdersOf(input), (before) => before);
}

/** @param change makes an item of the old one; none deletes it. */
function prepare(
  table: Table,
  key: Key,
  input: ConditionalWrite,
  placeholders: Placeholders,
  change: (old: Item | undefined) => Item | undefined,
): PreparedWrite {
  const condition = parseCondition('ConditionExpression', input.ConditionExpression, placeholders);
  placeholders.checkAllUsed();
  const apply = () => {
    const old = table.items.get(key)?.item;
    if (condition && !isMet(condition, old ?? {})) {
      const isTold = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && old;
      const details = isTold ? { Item: old } : {};
      throw new DynamoDbError('ConditionalCheckFailedException', 'The conditional request failed', details);
    }
    const item = change(old);
    const isUpdate = input.UpdateExpression !== undefined;
    if (item) checkSize(item, `Item size ${isUpdate ? 'to update ' : ''}has exceeded the maximum allowed size`);
    return { old, item, usage: replace(table, key, old, item) };
  };
  return { table, key, apply };
}

function replace(table: Table, key: Key, old: Item | undefined, item: Item | undefined): Usage {
  const usage = writeUsage(table, old, item);
  if (item && item === old) return usage;
  if (item) table.items.put(key, item, measureItem(item), old);
  else if (old) table.items.delete(key, old);
  return usage;
}

function checkSize(item: Item, message: string): void {
  if (measureItem(item) > MAX_ITEM_BYTES) throw invalid(message);
}

function placeholdersOf(input: Expressions) {
  return new Placeholders(input.ExpressionAttributeNames, checkItem(input.ExpressionAttributeValues ?? {}));
}

function consumed(input: { ReturnConsumedCapacity: CapacityMode }, { name }: Table, usage: Usage): object {
  const ConsumedCapacity = describeUsage(input.ReturnConsumedCapacity, name, usage);
  return ConsumedCapacity ? { ConsumedCapacity } : {};
}
