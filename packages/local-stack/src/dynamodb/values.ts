import { canonicalNumber, compareNumbers, measureNumber } from './decimals.ts';
import { invalid } from './errors.ts';

/** As in requests: one member, named for its type; numbers are text, bytes base64. */
export interface Value {
  S?: string;
  N?: string;
  B?: string;
  BOOL?: boolean;
  NULL?: boolean;
  SS?: string[];
  NS?: string[];
  BS?: string[];
  L?: Value[];
  M?: Record<string, Value>;
}
export type Item = Record<string, Value>;
export type ValueType = keyof Value;

const TYPES: ReadonlySet<string> = new Set(['S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M']);
const SET_NAMES = { SS: 'string', NS: 'number', BS: 'binary' } as const;
const MAX_DEPTH = 32;

/**
 * Checks the attributes of an item and writes its numbers as DynamoDB would.
 *
 * @throws {DynamoDbError} `ValidationException`.
 */
export function checkItem(given: unknown, depth = 0): Item {
  if (!isObject(given)) throw invalid('An item has to be a map of attributes');
  if (Object.hasOwn(given, '__proto__')) throw invalid('An attribute that is called __proto__ is not emulated');
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, checkValue(value, depth)]));
}

/** Like {@link checkItem}, of one value. */
export function checkValue(given: unknown, depth = 0): Value {
  const entries = isObject(given) ? Object.entries(given) : [];
  if (entries.length === 0) {
    throw invalid('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  }
  if (entries.length > 1) {
    throw invalid(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  if (depth > MAX_DEPTH) throw invalid('Nesting Levels have exceeded supported limits');
  const [type, content] = entries[0]!;
  if (!TYPES.has(type)) throw invalid(`Supplied AttributeValue has a type that is not known: ${type}`);
  switch (type as ValueType) {
    case 'S':
      return { S: text(content) };
    case 'N':
      return { N: canonicalNumber(text(content)) };
    case 'B':
      return { B: bytes(content) };
    case 'BOOL':
      if (typeof content === 'boolean') return { BOOL: content };
      throw invalid('A BOOL has to be true or false');
    case 'NULL':
      if (content === true) return { NULL: true };
      throw parameterError('Null attribute value types must have the value of true');
    case 'L':
      return { L: list(content).map((each) => checkValue(each, depth + 1)) };
    case 'M':
      return { M: checkItem(content, depth + 1) };
    default:
      return { [type]: checkSet(type as 'SS', content) };
  }
}

function checkSet(type: 'SS' | 'NS' | 'BS', given: unknown): string[] {
  const check = { SS: text, NS: (each: unknown) => canonicalNumber(text(each)), BS: bytes }[type];
  const members = list(given).map((each) => check(each));
  if (members.length === 0) throw parameterError(`An ${SET_NAMES[type]} set  may not be empty`);
  if (new Set(members).size === members.length) return members;
  throw parameterError(`Input collection [${members.join(', ')}] contains duplicates.`);
}

/** @returns the error of a parameter, with DynamoDB's beginning. */
export function parameterError(message: string) {
  return invalid(`One or more parameter values were invalid: ${message}`);
}

function text(given: unknown): string {
  if (typeof given === 'string') return given;
  throw invalid(`A text is wanted, not ${JSON.stringify(given)}`);
}

function list(given: unknown): unknown[] {
  if (Array.isArray(given)) return given;
  throw invalid(`A list is wanted, not ${JSON.stringify(given)}`);
}

function bytes(given: unknown): string {
  const base64 = text(given);
  if (Buffer.from(base64, 'base64').toString('base64') === base64) return base64;
  throw invalid('A binary value has to be base64');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function typeOf(value: Value): ValueType {
  for (const type in value) return type as ValueType;
  throw new TypeError('A value without a type');
}

/** Sets are equal whatever their order. */
export function isEqual(a: Value, b: Value): boolean {
  const type = typeOf(a);
  if (type !== typeOf(b)) return false;
  const [x, y] = [a[type], b[type]];
  if (type === 'L') {
    const [left, right] = [x as Value[], y as Value[]];
    return left.length === right.length && left.every((each, i) => isEqual(each, right[i]!));
  }
  if (type === 'M') {
    const [left, right] = [x as Item, y as Item];
    const names = Object.keys(left);
    if (names.length !== Object.keys(right).length) return false;
    return names.every((name) => Object.hasOwn(right, name) && isEqual(left[name]!, right[name]!));
  }
  if (Array.isArray(x))
    return x.length === (y as string[]).length && x.every((each) => (y as unknown[]).includes(each));
  return x === y;
}

/** @returns below, at or above 0; undefined if the two have no order. */
export function compareValues(a: Value, b: Value): number | undefined {
  if (a.S !== undefined && b.S !== undefined) return Buffer.compare(Buffer.from(a.S), Buffer.from(b.S));
  if (a.N !== undefined && b.N !== undefined) return compareNumbers(a.N, b.N);
  if (a.B === undefined || b.B === undefined) return undefined;
  return Buffer.compare(Buffer.from(a.B, 'base64'), Buffer.from(b.B, 'base64'));
}

/** Bytes of a map, list or set beside its content. */
const CONTAINER_BYTES = 3;

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
export function measureItem(item: Item): number {
  let sizeBytes = 0;
  for (const name in item) sizeBytes += Buffer.byteLength(name) + measureValue(item[name]!);
  return sizeBytes;
}

function measureValue(value: Value): number {
  const { S, N, B, L, M } = value;
  if (S !== undefined) return Buffer.byteLength(S);
  if (N !== undefined) return measureNumber(N);
  if (B !== undefined) return Buffer.byteLength(B, 'base64');
  if (L) return CONTAINER_BYTES + L.reduce((sum, each) => sum + measureValue(each) + 1, 0);
  if (M) return CONTAINER_BYTES + measureItem(M) + Object.keys(M).length;
  const { SS, NS, BS } = value;
  if (SS) return SS.reduce((sum, each) => sum + Buffer.byteLength(each), 0);
  if (NS) return NS.reduce((sum, each) => sum + measureNumber(each), 0);
  if (BS) return BS.reduce((sum, each) => sum + Buffer.byteLength(each, 'base64'), 0);
  return 1;
}
