import type { Correction, StoredRecord } from './server.ts';

type Said = Pick<StoredRecord, 'tags' | 'removed'>;

/**
 * The correction that takes another one back.
 *
 * @returns undefined if there is nothing to take back.
 *
 * @example
 * // A person added "beach", where nobody had said anything:
 * undoOf(before, after) // { add: [], remove: [], forget: ['beach'] }
 */
export function undoOf(before: Said, after: Said): Required<Correction> | undefined {
  const [was, is] = [listSaid(before), listSaid(after)];
  const add = was.added.filter((name) => !is.added.includes(name));
  const remove = was.removed.filter((name) => !is.removed.includes(name));
  const forget = [...is.added, ...is.removed].filter(
    (name) => !was.added.includes(name) && !was.removed.includes(name) && !add.includes(name) && !remove.includes(name),
  );
  return add.length + remove.length + forget.length > 0 ? { add, remove, forget } : undefined;
}

function listSaid({ tags, removed = [] }: Said): { added: string[]; removed: string[] } {
  return { added: tags.filter(({ by }) => by === 'person').map(({ name }) => name), removed };
}
