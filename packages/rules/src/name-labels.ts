import { type Label, tagKey } from '@tagmill/core';
import type { Rules, TagRule } from './rules.ts';

/** A label set as rules have it. */
export interface NamedLabels {
  /** In the order of the scores; what is hidden is above nothing. */
  labels: Label[];
  /** By names of labels and broader tags as they are called now. What is hidden can't reach its own. */
  thresholds: ReadonlyMap<string, number>;
  /** What stands above each broader tag, nearest first: see {@link aboveBroader}. */
  above: ReadonlyMap<string, string[]>;
}

/** The threshold that a label or broader tag has unless rules give another one. */
export type LeastConfidence = (name: string) => number | null | undefined;

/** What is in force where nobody has made any. */
export const NO_RULES: Rules = { tags: {} };

/** No confidence is so high. */
const NEVER = 2;

/**
 * Lays rules over a label set. Parents that rules add come after those of the label set, and bring their own along; names
 * in rules are the label set's, everywhere but in `rename`. Of a renamed tag the old name is a synonym.
 *
 * @param leastOf by the label set's names; null where a tag is never shown.
 *
 * @example
 * nameLabels([{ index: 0, name: 'collie', synonyms: [], parents: ['dog'] }], { tags: { dog: { rename: 'hound' } } }).labels
 * // [{ index: 0, name: 'collie', synonyms: [], parents: ['hound'] }]
 */
export function nameLabels(
  labels: readonly Label[],
  rules: Rules,
  leastOf: LeastConfidence = () => undefined,
): NamedLabels {
  const ruleOf = rulesByKey(rules);
  const rename = (name: string) => ruleOf.get(tagKey(name))?.rename ?? name;
  const isShown = (name: string) => !ruleOf.get(tagKey(name))?.hidden;
  const broader = new Set(labels.flatMap(({ parents }) => parents));
  const known = new Set([...labels.map(({ name }) => name), ...broader]);
  const named = labels.map(({ name, synonyms, parents, ...label }) => ({
    ...label,
    name: rename(name),
    synonyms: [...synonyms, ...listWords(name, ruleOf.get(tagKey(name)))],
    parents: [...new Set(allParents(name, parents, ruleOf).filter(isShown).map(rename))],
  }));
  const ofAll = (name: string) => (broader.has(name) ? rules.minBroaderConfidence : rules.minConfidence);
  return {
    labels: named,
    thresholds: new Map(
      [...known].flatMap((name): [string, number][] => {
        const { hidden, minConfidence } = ruleOf.get(tagKey(name)) ?? {};
        const own = minConfidence ?? ofAll(name) ?? leastOf(name);
        const threshold = hidden || own === null ? NEVER : own;
        return threshold === undefined ? [] : [[rename(name), threshold]];
      }),
    ),
    above: aboveBroader(named),
  };
}

/**
 * What stands above each broader tag, nearest first: whatever stands above it in every label below it. A label that is above others
 * knows that best itself.
 *
 * @example
 * aboveBroader([{ index: 0, name: 'collie', synonyms: [], parents: ['dog', 'animal'] }]).get('dog') // ['animal']
 */
export function aboveBroader(labels: readonly Label[]): Map<string, string[]> {
  const above = new Map<string, string[]>();
  for (const { parents } of labels) {
    parents.forEach((parent, place) => {
      const own = parents.slice(place + 1);
      above.set(parent, above.get(parent)?.filter((each) => own.includes(each)) ?? own);
    });
  }
  for (const { name, parents } of labels) if (above.has(name)) above.set(name, parents);
  return above;
}

/** What rules call a label or a broader tag of a label set. */
export function renameTag(name: string, { tags }: Rules): string {
  return Object.entries(tags).find(([each]) => tagKey(each) === tagKey(name))?.[1].rename ?? name;
}

/**
 * The words of rules for names without a label. A label has its own synonyms.
 *
 * @returns pairs of a word and the name that it stands for.
 */
export function listBroaderSynonyms(labels: readonly Label[], rules: Rules): [string, string][] {
  const own = new Set(labels.map(({ name }) => tagKey(name)));
  return Object.entries(rules.tags)
    .filter(([name]) => !own.has(tagKey(name)))
    .flatMap(([name, rule]) => listWords(name, rule).map((word): [string, string] => [word, rule.rename ?? name]));
}

function rulesByKey({ tags }: Rules): ReadonlyMap<string, TagRule> {
  return new Map(Object.entries(tags).map(([name, rule]) => [tagKey(name), rule]));
}

function listWords(name: string, { synonyms = [], rename }: TagRule = {}): string[] {
  return rename === undefined || tagKey(rename) === tagKey(name) ? synonyms : [...synonyms, name];
}

function allParents(name: string, own: readonly string[], ruleOf: ReadonlyMap<string, TagRule>): string[] {
  const found = [...own];
  const add = (of: string) => {
    for (const parent of ruleOf.get(tagKey(of))?.parents ?? []) {
      if (found.some((each) => tagKey(each) === tagKey(parent))) continue;
      found.push(parent);
      add(parent);
    }
  };
  for (const each of [name, ...own]) add(each);
  return found;
}
