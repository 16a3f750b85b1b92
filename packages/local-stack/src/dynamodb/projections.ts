import { valueAt } from './conditions.ts';
import { invalid } from './errors.ts';
import type { Path } from './expression-parser.ts';
import type { Item, Value } from './values.ts';

/** @returns of an item what lies at these paths; of lists the members that are named, in their order. */
export function project(item: Item, paths: readonly Path[]): Item {
  const projected: Item = {};
  const lists = new Map<Value[], Map<number, Value>>();
  const inOrder = paths.toSorted(comparePaths);
  for (const path of inOrder) {
    const value = valueAt(item, path);
    if (value) place({ M: projected }, path, value, lists);
  }
  return projected;
}

function place(target: Value, [step, ...rest]: Path, value: Value, lists: Map<Value[], Map<number, Value>>): void {
  const next = (): Value => (rest.length === 0 ? value : typeof rest[0] === 'number' ? { L: [] } : { M: {} });
  let child: Value;
  if (typeof step === 'string') {
    target.M![step] ??= next();
    child = target.M![step];
  } else {
    const members = lists.get(target.L!) ?? new Map<number, Value>();
    lists.set(target.L!, members);
    child = members.get(step!) ?? next();
    if (!members.has(step!)) target.L!.push(child);
    members.set(step!, child);
  }
  if (rest.length > 0) place(child, rest, value, lists);
}

function comparePaths(a: Path, b: Path): number {
  for (const [i, step] of a.entries()) {
    const other = b[i];
    if (typeof step === 'number' && typeof other === 'number' && step !== other) return step - other;
    if (step !== other) return 0;
  }
  return 0;
}

/** @throws {DynamoDbError} if one of the paths lies within another. */
export function checkOverlap(member: string, paths: readonly Path[]): void {
  for (const [i, a] of paths.entries()) {
    for (const b of paths.slice(i + 1)) {
      const shorter = Math.min(a.length, b.length);
      if (!a.slice(0, shorter).every((step, k) => step === b[k])) continue;
      throw invalid(
        `Invalid ${member}: Two document paths overlap with each other; must remove or rewrite one of these paths; ` +
          `path one: [${a.join(', ')}], path two: [${b.join(', ')}]`,
      );
    }
  }
}
