import { invalid } from './errors.ts';
import type { Comparator, Condition, Operand, Path, Predicate } from './expression-parser.ts';
import { compareValues, type Item, isEqual, typeOf, type Value } from './values.ts';

/** @returns whether an item, which is empty if there is none, meets a condition. */
export function isMet(condition: Condition, item: Item): boolean {
  switch (condition.kind) {
    case 'and':
      return isMet(condition.left, item) && isMet(condition.right, item);
    case 'or':
      return isMet(condition.left, item) || isMet(condition.right, item);
    case 'not':
      return !isMet(condition.condition, item);
    case 'compare':
      return compare(condition.comparator, evaluate(condition.left, item), evaluate(condition.right, item));
    case 'between': {
      const [value, from, to] = [condition.operand, condition.from, condition.to].map((each) => evaluate(each, item));
      return compare('>=', value, from) && compare('<=', value, to);
    }
    case 'in': {
      const value = evaluate(condition.operand, item);
      return condition.list.some((each) => compare('=', value, evaluate(each, item)));
    }
    case 'predicate':
      return PREDICATES[condition.name](condition.operands, item);
  }
}

/** What is there at a path, if anything is. */
export function valueAt(item: Item, [name, ...rest]: Path): Value | undefined {
  let value: Value | undefined = own(item, name as string);
  for (const step of rest) {
    value = typeof step === 'number' ? value?.L?.[step] : value?.M && own(value.M, step);
  }
  return value;
}

function own(map: Item, name: string): Value | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

function evaluate(operand: Operand, item: Item): Value | undefined {
  if (operand.kind === 'value') return operand.value;
  if (operand.kind === 'path') return valueAt(item, operand.path);
  if (operand.kind === 'size') {
    const size = sizeOf(valueAt(item, operand.path));
    return size === undefined ? undefined : { N: String(size) };
  }
  throw new TypeError(`${operand.kind} is for updates`);
}

/** Characters of a text, bytes of a binary value, members of the others. */
function sizeOf(value: Value | undefined): number | undefined {
  if (value?.S !== undefined) return value.S.length;
  if (value?.B !== undefined) return Buffer.byteLength(value.B, 'base64');
  if (value?.M) return Object.keys(value.M).length;
  return (value?.L ?? value?.SS ?? value?.NS ?? value?.BS)?.length;
}

function compare(comparator: Comparator, left: Value | undefined, right: Value | undefined): boolean {
  // What isn't there is unequal to everything, and has no order.
  if (!left || !right) return comparator === '<>' && left !== right;
  if (comparator === '=') return isEqual(left, right);
  if (comparator === '<>') return !isEqual(left, right);
  const order = compareValues(left, right);
  if (order === undefined) return false;
  return { '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[comparator];
}

type Test = (operands: readonly Operand[], item: Item) => boolean;

const PREDICATES: Readonly<Record<Predicate, Test>> = {
  attribute_exists: ([operand], item) => evaluate(pathOnly(operand!), item) !== undefined,
  attribute_not_exists: ([operand], item) => evaluate(pathOnly(operand!), item) === undefined,
  attribute_type: ([operand, type], item) => {
    const value = evaluate(pathOnly(operand!), item);
    return value !== undefined && typeOf(value) === evaluate(type!, item)?.S;
  },
  begins_with: ([operand, prefix], item) => {
    const [value, beginning] = [evaluate(operand!, item), evaluate(prefix!, item)];
    if (value?.S !== undefined && beginning?.S !== undefined) return value.S.startsWith(beginning.S);
    if (value?.B === undefined || beginning?.B === undefined) return false;
    const [all, part] = [Buffer.from(value.B, 'base64'), Buffer.from(beginning.B, 'base64')];
    return all.subarray(0, part.length).equals(part);
  },
  contains: ([operand, wanted], item) => {
    const [value, part] = [evaluate(operand!, item), evaluate(wanted!, item)];
    if (!value || !part) return false;
    if (value.S !== undefined) return part.S !== undefined && value.S.includes(part.S);
    if (value.B !== undefined) {
      return part.B !== undefined && Buffer.from(value.B, 'base64').includes(Buffer.from(part.B, 'base64'));
    }
    if (value.L) return value.L.some((each) => isEqual(each, part));
    const member = part.S ?? part.N ?? part.B;
    const set = { S: value.SS, N: value.NS, B: value.BS }[typeOf(part) as 'S'];
    return member !== undefined && (set?.includes(member) ?? false);
  },
};

function pathOnly(operand: Operand): Operand {
  if (operand.kind === 'path') return operand;
  throw invalid('Invalid expression: Operator or function requires a document path');
}
