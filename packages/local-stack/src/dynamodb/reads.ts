import { describeUsage, entryOf, readUnits, type Usage } from './capacity.ts';
import { isMet } from './conditions.ts';
import { DynamoDbError, invalid } from './errors.ts';
import { type Condition, type Operand, type Path, Placeholders, parseExpression } from './expression-parser.ts';
import type { Input } from './inputs.ts';
import type { ReadRange } from './item-table.ts';
import { rangeOf } from './key-conditions.ts';
import { type Index, keyInIndex, keyOfRequest, namesOf, partitionsOf } from './keys.ts';
import { checkOverlap, project } from './projections.ts';
import type { Table, Tables } from './tables.ts';
import { checkItem, type Item, measureItem } from './values.ts';

const MAX_PAGE_BYTES = 2 ** 20;
const MAX_BATCH_KEYS = 100;
const MAX_BATCH_BYTES = 16 * 2 ** 20;

export function getItem(tables: Tables, input: Input<'GetItem'>): object {
  const table = tables.get(input.TableName);
  const placeholders = new Placeholders(input.ExpressionAttributeNames);
  const paths = parseProjection(input.ProjectionExpression, placeholders);
  placeholders.checkAllUsed();
  const found = table.items.get(keyOfRequest(table.schema, table.types, checkItem(input.Key)));
  const usage = { table: readUnits(found?.sizeBytes ?? 0, input.ConsistentRead), indexes: {} };
  return {
    ...(found && { Item: paths ? project(found.item, paths) : found.item }),
    ...consumed(input.ReturnConsumedCapacity, table, usage),
  };
}

/** Keys beyond 16 MB of items come back as unprocessed. */
export function batchGetItem(tables: Tables, { RequestItems, ReturnConsumedCapacity }: Input<'BatchGetItem'>): object {
  const requests = Object.entries(RequestItems);
  const count = requests.reduce((sum, [, { Keys }]) => sum + Keys.length, 0);
  if (count === 0) throw invalid('The batch get request list must contain at least one table');
  if (count > MAX_BATCH_KEYS) throw invalid('Too many items requested for the BatchGetItem call');
  const Responses: Record<string, Item[]> = {};
  const UnprocessedKeys: Record<string, object> = {};
  const ConsumedCapacity: object[] = [];
  let sizeBytes = 0;
  for (const [name, request] of requests) {
    const table = tables.get(name);
    const placeholders = new Placeholders(request.ExpressionAttributeNames);
    const paths = parseProjection(request.ProjectionExpression, placeholders);
    placeholders.checkAllUsed();
    const keys = request.Keys.map((each) => keyOfRequest(table.schema, table.types, checkItem(each)));
    checkDistinct(keys.map(({ partition, sort }) => Buffer.concat([partition, sort]).toString('latin1')));
    const items: Item[] = [];
    Responses[name] = items;
    const left: unknown[] = [];
    let units = 0;
    for (const [i, key] of keys.entries()) {
      const found = table.items.get(key);
      if (sizeBytes + (found?.sizeBytes ?? 0) > MAX_BATCH_BYTES) {
        left.push(request.Keys[i]);
        continue;
      }
      sizeBytes += found?.sizeBytes ?? 0;
      units += readUnits(found?.sizeBytes ?? 0, request.ConsistentRead);
      if (found) items.push(paths ? project(found.item, paths) : found.item);
    }
    if (left.length > 0) UnprocessedKeys[name] = { ...request, Keys: left };
    const usage = describeUsage(ReturnConsumedCapacity, name, { table: units, indexes: {} });
    if (usage) ConsumedCapacity.push(usage);
  }
  return { Responses, UnprocessedKeys, ...(ConsumedCapacity.length > 0 && { ConsumedCapacity }) };
}

export function query(tables: Tables, input: Input<'Query'>): object {
  const table = tables.get(input.TableName);
  const index = findIndex(table, input.IndexName);
  const placeholders = placeholdersOf(input);
  const condition = parseCondition('KeyConditionExpression', input.KeyConditionExpression, placeholders)!;
  const schema = index?.schema ?? table.schema;
  const filter = parseCondition('FilterExpression', input.FilterExpression, placeholders);
  const key = filter && pathsIn(filter).find(([name]) => namesOf(schema).includes(name as string));
  if (key) {
    throw invalid(
      `Filter Expression can only contain non-primary key attributes: Primary key attribute: ${String(key[0])}`,
    );
  }
  const range = rangeOf(condition, schema, table.types);
  return readPage({ table, index, input, placeholders, filter }, { ...range, forward: input.ScanIndexForward });
}

export function scan(tables: Tables, input: Input<'Scan'>): object {
  const table = tables.get(input.TableName);
  const index = findIndex(table, input.IndexName);
  const placeholders = placeholdersOf(input);
  const filter = parseCondition('FilterExpression', input.FilterExpression, placeholders);
  return readPage({ table, index, input, placeholders, filter }, { forward: true, partitions: segmentOf(input) });
}

/** The partitions that one of several scans side by side reads. */
function segmentOf({ Segment, TotalSegments }: Input<'Scan'>): ReadRange['partitions'] {
  if (Segment === undefined && TotalSegments === undefined) return undefined;
  if (TotalSegments === undefined) {
    throw invalid(
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    );
  }
  if (Segment === undefined) {
    throw invalid(
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    );
  }
  if (Segment < TotalSegments) return partitionsOf(Segment, TotalSegments);
  throw invalid(
    `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${Segment} is not less than TotalSegments: ${TotalSegments}`,
  );
}

/** @returns undefined if there is no expression. */
export function parseCondition(
  member: string,
  expression: string | undefined,
  placeholders: Placeholders,
): Condition | undefined {
  return expression === undefined
    ? undefined
    : parseExpression(member, expression, placeholders, (parser) => parser.condition());
}

interface PageRequest {
  table: Table;
  index: Index | undefined;
  input: Input<'Scan'>;
  placeholders: Placeholders;
  filter: Condition | undefined;
}

/** A page ends at its limit or before a megabyte of what was looked at, whatever the filter leaves of it. */
function readPage({ table, index, input, placeholders, filter }: PageRequest, range: ReadRange): object {
  const { Limit = Number.POSITIVE_INFINITY, Select, ConsistentRead, ReturnConsumedCapacity } = input;
  const paths = parseProjection(input.ProjectionExpression, placeholders);
  placeholders.checkAllUsed();
  checkSelect(input, index);
  const items: Item[] = [];
  let count = 0;
  let scanned = 0;
  let sizeBytes = 0;
  let last: Item | undefined;
  let isCut = false;
  const number = index && table.indexes.indexOf(index);
  for (const stored of table.items.read({ ...range, index: number, after: startOf(table, index, input) })) {
    const entry = index ? entryOf(table, index, stored.item) : stored.item;
    const entryBytes = entry === stored.item ? stored.sizeBytes : measureItem(entry);
    if (scanned > 0 && sizeBytes + entryBytes > MAX_PAGE_BYTES) {
      isCut = true;
      break;
    }
    scanned++;
    sizeBytes += entryBytes;
    last = stored.item;
    if (!filter || isMet(filter, entry)) {
      count++;
      if (Select !== 'COUNT') items.push(paths ? project(entry, paths) : entry);
    }
    if (scanned === Limit) {
      isCut = true;
      break;
    }
  }
  const units = readUnits(sizeBytes, ConsistentRead);
  const usage: Usage = index ? { table: 0, indexes: { [index.name]: units } } : { table: units, indexes: {} };
  const keyNames = new Set([...namesOf(table.schema), ...(index ? namesOf(index.schema) : [])]);
  return {
    ...(Select !== 'COUNT' && { Items: items }),
    Count: count,
    ScannedCount: scanned,
    ...(isCut && last && { LastEvaluatedKey: pick(last, keyNames) }),
    ...consumed(ReturnConsumedCapacity, table, usage),
  };
}

/** Where the page before ended. */
function startOf({ schema, types }: Table, index: Index | undefined, { ExclusiveStartKey }: Input<'Scan'>) {
  if (!ExclusiveStartKey) return undefined;
  const given = checkItem(ExclusiveStartKey);
  const names = new Set([...namesOf(schema), ...(index ? namesOf(index.schema) : [])]);
  if (Object.keys(given).length !== names.size) throw invalid('The provided starting key is invalid');
  try {
    const key = keyOfRequest(schema, types, pick(given, new Set(namesOf(schema))));
    return { table: key, index: index && keyInIndex(index.schema, types, given, index.name) };
  } catch (error) {
    if (error instanceof DynamoDbError) throw invalid('The provided starting key is invalid');
    throw error;
  }
}

function checkSelect({ Select, ProjectionExpression, ConsistentRead }: Input<'Scan'>, index: Index | undefined): void {
  if (index && ConsistentRead) throw invalid('Consistent reads are not supported on global secondary indexes');
  if (ProjectionExpression !== undefined && Select !== undefined && Select !== 'SPECIFIC_ATTRIBUTES') {
    throw invalid(`Cannot specify the ProjectionExpression when choosing to get ${Select}`);
  }
  if (Select === 'SPECIFIC_ATTRIBUTES' && ProjectionExpression === undefined) {
    throw invalid('Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES');
  }
  if (Select === 'ALL_PROJECTED_ATTRIBUTES' && !index) {
    throw invalid('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName');
  }
  if (Select === 'ALL_ATTRIBUTES' && index?.included) {
    throw invalid(
      `One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.name} because its projection type is not ALL`,
    );
  }
}

export function parseProjection(expression: string | undefined, placeholders: Placeholders): Path[] | undefined {
  if (expression === undefined) return undefined;
  const paths = parseExpression('ProjectionExpression', expression, placeholders, (parser) => parser.projection());
  checkOverlap('ProjectionExpression', paths);
  return paths;
}

function placeholdersOf({ ExpressionAttributeNames, ExpressionAttributeValues = {} }: Input<'Scan'>): Placeholders {
  return new Placeholders(ExpressionAttributeNames, checkItem(ExpressionAttributeValues));
}

function findIndex({ indexes }: Table, name: string | undefined): Index | undefined {
  if (name === undefined) return undefined;
  const index = indexes.find((each) => each.name === name);
  if (index) return index;
  throw invalid(`The table does not have the specified index: ${name}`);
}

function pathsIn(condition: Condition): Path[] {
  const ofOperand = (operand: Operand): Path[] => ('path' in operand ? [operand.path] : []);
  switch (condition.kind) {
    case 'and':
    case 'or':
      return [...pathsIn(condition.left), ...pathsIn(condition.right)];
    case 'not':
      return pathsIn(condition.condition);
    case 'compare':
      return [condition.left, condition.right].flatMap(ofOperand);
    case 'between':
      return [condition.operand, condition.from, condition.to].flatMap(ofOperand);
    case 'in':
      return [condition.operand, ...condition.list].flatMap(ofOperand);
    case 'predicate':
      return condition.operands.flatMap(ofOperand);
  }
}

/** @throws {DynamoDbError} if two of these are the same. */
export function checkDistinct(keys: readonly string[]): void {
  if (new Set(keys).size < keys.length) throw invalid('Provided list of item keys contains duplicates');
}

function consumed(mode: Input<'Scan'>['ReturnConsumedCapacity'], { name }: Table, usage: Usage): object {
  const ConsumedCapacity = describeUsage(mode, name, usage);
  return ConsumedCapacity ? { ConsumedCapacity } : {};
}

function pick(item: Item, names: ReadonlySet<string>): Item {
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)));
}
