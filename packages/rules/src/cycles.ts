import { type Label, tagKey } from '@tagmill/core';
import type { Rules } from './rules.ts';

/**
 * Names that rules put above themselves, be it by way of others: each is below the next.
 *
 * @returns undefined if there are none.
 *
 * @example
 * findCycle([{ index: 0, name: 'collie', synonyms: [], parents: ['dog'] }], { tags: { dog: { parents: ['collie'] } } })
 * // ['dog', 'collie', 'dog']
 */
export function findCycle(labels: readonly Label[], { tags }: Rules): string[] | undefined {
  const byRule = new Map(Object.entries(tags).map(([name, { parents = [] }]) => [tagKey(name), parents]));
  const own = Object.entries(tags).flatMap(([name, { rename }]) => (rename === undefined ? [] : [[rename, name]]));
  const nameOf = new Map(own.map(([rename, name]) => [tagKey(rename!), name!]));
  const byLabels = aboveInLabels(labels);
  const done = new Set<string>();

  const climb = (name: string, path: readonly string[]): string[] | undefined => {
    const key = tagKey(name);
    const start = path.findIndex((each) => tagKey(each) === key);
    if (start >= 0) {
      const cycle = [...path.slice(start), name];
      // What is wrong with a label set is no fault of the rules.
      return cycle.some((each) => byRule.has(tagKey(each))) ? cycle : undefined;
    }
    if (done.has(key)) return undefined;
    for (const parent of [...(byRule.get(key) ?? []), ...byLabels(key)]) {
      // What is renamed may be called either way.
      const cycle = climb(nameOf.get(tagKey(parent)) ?? parent, [...path, name]);
      if (cycle) return cycle;
    }
    done.add(key);
    return undefined;
  };
  for (const name of Object.keys(tags)) {
    const cycle = climb(name, []);
    if (cycle) return cycle;
  }
  return undefined;
}

/**
 * What stands above a name in label sets: a label's parents, and of a broader tag each that all labels with it have as well, and others
 * have, too.
 */
function aboveInLabels(labels: readonly Label[]): (key: string) => string[] {
  const names = new Map<string, string>();
  const carriers = new Map<string, Set<Label>>();
  const parents = new Map<string, string[]>();
  for (const label of labels) {
    parents.set(tagKey(label.name), [...(parents.get(tagKey(label.name)) ?? []), ...label.parents]);
    for (const name of [label.name, ...label.parents]) {
      names.set(tagKey(name), name);
      carriers.set(tagKey(name), (carriers.get(tagKey(name)) ?? new Set<Label>()).add(label));
    }
  }
  return (key) => {
    const below = carriers.get(key);
    if (!below) return [];
    const wider = [...carriers].filter(([, all]) => all.size > below.size && below.isSubsetOf(all));
    return [...(parents.get(key) ?? []), ...wider.map(([each]) => names.get(each)!)];
  };
}
