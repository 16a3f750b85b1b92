import { valueAt } from './conditions.ts';
import { addNumbers } from './decimals.ts';
import { invalid } from './errors.ts';
import type { Operand, Path, Update } from './expression-parser.ts';
import { checkOverlap } from './projections.ts';
import { type Item, parameterError, type Value } from './values.ts';

/**
 * What an update makes of an item. All its operands are read from the item as it was.
 *
 * @param keyNames no update changes them.
 * @returns a new item; the old one stays as it is.
 * @throws {DynamoDbError} `ValidationException`.
 */
export function applyUpdate(update: Update, old: Item, keyNames: readonly string[]): Item {
  checkPaths(update, keyNames);
  const item = structuredClone(old);
  const values = update.set.map(({ operand }) => evaluate(operand, old));
  for (const [i, { path }] of update.set.entries()) put(item, path, values[i]!);
  for (const { path, value } of update.add) put(item, path, sum(valueAt(old, path), value));
  for (const { path, value } of update.delete) subtract(item, path, value);
  // From the back of a list, so that the indices before stay what they were.
  const last = (path: Path) => Number(path.at(-1)) || 0;
  for (const path of update.remove.toSorted((a, b) => last(b) - last(a))) remove(item, path);
  return item;
}

/** The paths that an update names. */
export function pathsOf(update: Update): Path[] {
  return [...update.set, ...update.add, ...update.delete].map(({ path }) => path).concat(update.remove);
}

function checkPaths(update: Update, keyNames: readonly string[]): void {
  const paths = pathsOf(update);
  const key = paths.find(([name]) => keyNames.includes(name as string));
  if (key) throw parameterError(`Cannot update attribute ${key[0]}. This attribute is part of the key`);
  checkOverlap('UpdateExpression', paths);
}

function evaluate(operand: Operand, item: Item): Value {
  switch (operand.kind) {
    case 'value':
      return operand.value;
    case 'path': {
      const value = valueAt(item, operand.path);
      if (value) return value;
      throw invalid('The provided expression refers to an attribute that does not exist in the item');
    }
    case 'if_not_exists':
      return valueAt(item, operand.path) ?? evaluate(operand.otherwise, item);
    case 'list_append': {
      const [left, right] = [evaluate(operand.left, item), evaluate(operand.right, item)];
      if (left.L && right.L) return { L: [...left.L, ...right.L] };
      throw wrongType();
    }
    case 'sum': {
      const [left, right] = [evaluate(operand.left, item), evaluate(operand.right, item)];
      if (left.N === undefined || right.N === undefined) throw wrongType();
      return { N: addNumbers(left.N, right.N, operand.sign) };
    }
    case 'size':
      throw invalid('Invalid UpdateExpression: The function is not allowed in an update expression; function: size');
  }
}

function sum(old: Value | undefined, added: Value): Value {
  const type = (['N', 'SS', 'NS', 'BS'] as const).find((each) => added[each] !== undefined);
  if (type === undefined) throw wrongType();
  if (!old) return added;
  if (old[type] === undefined) throw wrongType();
  if (type === 'N') return { N: addNumbers(old.N!, added.N!) };
  return { [type]: [...new Set([...old[type]!, ...added[type]!])] };
}

/** A set that has nothing left is taken away. */
function subtract(item: Item, path: Path, value: Value): void {
  const type = (['SS', 'NS', 'BS'] as const).find((each) => value[each]);
  if (!type) throw wrongType();
  const old = valueAt(item, path);
  if (!old) return;
  if (!old[type]) throw wrongType();
  const left = old[type].filter((each) => !value[type]!.includes(each));
  if (left.length > 0) put(item, path, { [type]: left });
  else remove(item, path);
}

function put(item: Item, path: Path, value: Value): void {
  const step = path.at(-1)!;
  const parent = parentOf(item, path);
  if (typeof step === 'string' && parent?.M) parent.M[step] = value;
  // Beyond the end, it becomes the last.
  else if (typeof step === 'number' && parent?.L) parent.L[Math.min(step, parent.L.length)] = value;
  else throw invalid('The document path provided in the update expression is invalid for update');
}

function remove(item: Item, path: Path): void {
  const step = path.at(-1)!;
  const parent = parentOf(item, path);
  if (typeof step === 'string' && parent?.M) delete parent.M[step];
  else if (typeof step === 'number' && parent?.L) parent.L.splice(step, 1);
  else throw invalid('The document path provided in the update expression is invalid for update');
}

function parentOf(item: Item, path: Path): Value | undefined {
  return path.length === 1 ? { M: item } : valueAt(item, path.slice(0, -1));
}

function wrongType() {
  return invalid(
    'Invalid UpdateExpression: Incorrect operand type for operator or function, or an operand in the update expression has an incorrect data type',
  );
}
