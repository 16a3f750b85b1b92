import { invalid } from './errors.ts';
import type { Condition, Operand } from './expression-parser.ts';
import { encodeKeyValue, encodePartition, type KeySchema, type KeyType } from './keys.ts';
import { parameterError, typeOf, type Value } from './values.ts';

/** Rows of one partition, as far as its sort keys go from one to another. */
export interface Range {
  partition: Uint8Array;
  from?: Bound;
  to?: Bound;
}
export interface Bound {
  bytes: Uint8Array;
  isIncluded: boolean;
}

/**
 * Reads a key condition: `hash = value`, and for the sort key a comparison, BETWEEN or begins_with.
 *
 * @throws {DynamoDbError} `ValidationException` for any other.
 */
export function rangeOf(condition: Condition, schema: KeySchema, types: Readonly<Record<string, KeyType>>): Range {
  const conditions = flatten(condition);
  const named = conditions.map((each) => ({ condition: each, name: nameOf(each) }));
  const hash = named.filter(({ name }) => name === schema.hash);
  const range = named.filter(({ name }) => name === schema.range && name !== undefined);
  if (hash.length === 0) throw invalid(`Query condition missed key schema element: ${schema.hash}`);
  if (hash.length > 1 || range.length > 1) {
    throw invalid('Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key');
  }
  if (hash.length + range.length < conditions.length) {
    if (schema.range !== undefined && range.length === 0) {
      throw invalid(`Query condition missed key schema element: ${schema.range}`);
    }
    throw invalid('Query key condition not supported');
  }
  const equal = hash[0]!.condition;
  if (equal.kind !== 'compare' || equal.comparator !== '=') throw invalid('Query key condition not supported');
  const partition = encodePartition(givenValue(equal.right, types[schema.hash]!));
  const sort = range[0]?.condition;
  return sort ? { partition, ...boundsOf(sort, types[schema.range!]!) } : { partition };
}

function flatten(condition: Condition): Condition[] {
  if (condition.kind === 'and') return [...flatten(condition.left), ...flatten(condition.right)];
  if (condition.kind !== 'or' && condition.kind !== 'not') return [condition];
  throw invalid(`Invalid operator used in KeyConditionExpression: ${condition.kind.toUpperCase()}`);
}

function nameOf(condition: Condition): string | undefined {
  const operand =
    condition.kind === 'compare'
      ? condition.left
      : condition.kind === 'between'
        ? condition.operand
        : condition.kind === 'predicate'
          ? condition.operands[0]
          : undefined;
  if (operand?.kind !== 'path') throw invalid('Query key condition not supported');
  if (operand.path.length > 1) {
    throw invalid(
      'Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes',
    );
  }
  return operand.path[0] as string;
}

function boundsOf(condition: Condition, type: KeyType): Pick<Range, 'from' | 'to'> {
  const bound = (operand: Operand, isIncluded: boolean): Bound => ({
    bytes: encodeKeyValue(givenValue(operand, type)),
    isIncluded,
  });
  if (condition.kind === 'between') {
    const [from, to] = [bound(condition.from, true), bound(condition.to, true)];
    if (Buffer.compare(from.bytes, to.bytes) <= 0) return { from, to };
    throw invalid(
      'Invalid KeyConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound',
    );
  }
  if (condition.kind === 'predicate' && condition.name === 'begins_with' && type !== 'N') {
    const { bytes } = bound(condition.operands[1]!, true);
    const end = successorOf(bytes);
    return { from: { bytes, isIncluded: true }, ...(end && { to: { bytes: end, isIncluded: false } }) };
  }
  if (condition.kind !== 'compare') throw invalid('Query key condition not supported');
  const { comparator, right } = condition;
  switch (comparator) {
    case '=':
      return { from: bound(right, true), to: bound(right, true) };
    case '<':
    case '<=':
      return { to: bound(right, comparator === '<=') };
    case '>':
    case '>=':
      return { from: bound(right, comparator === '>=') };
    default:
      throw invalid('Query key condition not supported');
  }
}

/** The first key after all that begin so; undefined if there is none. */
function successorOf(prefix: Uint8Array): Uint8Array | undefined {
  const end = Buffer.from(prefix);
  for (let length = end.length; length > 0; length--) {
    if (end[length - 1] === 255) continue;
    end[length - 1]!++;
    return end.subarray(0, length);
  }
  return undefined;
}

function givenValue(operand: Operand, type: KeyType): Value {
  if (operand.kind !== 'value') throw invalid('Query key condition not supported');
  const { value } = operand;
  if (typeOf(value) !== type) throw parameterError('Condition parameter type does not match schema type');
  if (encodeKeyValue(value).length > 0) return value;
  throw parameterError(
    'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value.',
  );
}
