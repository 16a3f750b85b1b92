import { type Label, tagKey } from '@tagmill/core';

/** What can be wrong with names and broader tags. */
export const TAXONOMY_FAULTS = ['ambiguous', 'cycle', 'orphan', 'unsearchable', 'unreachable-threshold'] as const;

export interface TaxonomyFault {
  kind: (typeof TAXONOMY_FAULTS)[number];
  /** One line, naming the words that it is about. */
  message: string;
}

export interface LintOptions {
  /** Confidence that a label or broader tag, by its name, must reach. */
  thresholds?: Readonly<Record<string, number>>;
}

/** As it stands in an expression, in quotes: docs/reference/query-language.md. */
const MAX_QUOTED_LENGTH = 200;

/**
 * What is wrong with a label set for whoever has to search by it. It is for people to read: a set with faults works.
 *
 * - `ambiguous`: a word, in any case, that means two things or is said twice, as a name, a synonym or a broader tag. A label
 *   may stand above others.
 * - `cycle`: labels that stand above each other.
 * - `orphan`: a label without broader tags, where others have some.
 * - `unsearchable`: a word that can't be asked for.
 * - `unreachable-threshold`: one that no tag can reach, or of no tag that there is.
 *
 * @returns none if all is well; in the order of the labels.
 *
 * @example
 * lintTaxonomy([
 *   { index: 0, name: 'crane', synonyms: [], parents: ['bird'] },
 *   { index: 1, name: 'Crane', synonyms: [], parents: ['machine'] },
 * ])
 * // [{ kind: 'ambiguous', message: '"Crane" means labels 0 (crane) and 1 (Crane)' }]
 */
export function lintTaxonomy(labels: readonly Label[], { thresholds = {} }: LintOptions = {}): TaxonomyFault[] {
  return [
    ...ambiguities(labels),
    ...cycles(labels),
    ...orphans(labels),
    ...unsearchables(labels),
    ...unreachables(labels, thresholds),
  ];
}

function ambiguities(labels: readonly Label[]): TaxonomyFault[] {
  const messages: string[] = [];
  const meanings = new Map<string, { word: string; label?: Label }>();
  for (const label of labels) {
    for (const word of [label.name, ...label.synonyms]) {
      const known = meanings.get(tagKey(word))?.label;
      if (known === label) messages.push(`"${word}" is said twice by label ${describeLabel(label)}`);
      else if (known) messages.push(`"${word}" means labels ${describeLabel(known)} and ${describeLabel(label)}`);
      else meanings.set(tagKey(word), { word, label });
    }
  }
  for (const label of labels) {
    for (const parent of findRepeated(label.parents))
      messages.push(`"${parent}" is twice above label ${describeLabel(label)}`);
    for (const parent of label.parents) {
      const known = meanings.get(tagKey(parent));
      if (!known) meanings.set(tagKey(parent), { word: parent });
      else if (known.word !== parent) messages.push(`"${parent}" is also written "${known.word}"`);
      else if (known.label && known.label.name !== parent) {
        messages.push(`"${parent}" is a broader tag and a synonym of label ${describeLabel(known.label)}`);
      }
    }
  }
  return [...new Set(messages)].map((message) => ({ kind: 'ambiguous', message }));
}

/** Each cycle once, from the first of its labels. */
function cycles(labels: readonly Label[]): TaxonomyFault[] {
  const byName = new Map(labels.map((label) => [tagKey(label.name), label]));
  const faults: TaxonomyFault[] = [];
  const done = new Set<Label>();
  const climb = (label: Label, path: readonly Label[]) => {
    const start = path.indexOf(label);
    if (start >= 0) {
      const names = [...path.slice(start), label].map(({ name }) => name);
      faults.push({ kind: 'cycle', message: `Above each other: ${names.join(' < ')}` });
    } else if (!done.has(label)) {
      for (const parent of label.parents) {
        const above = byName.get(tagKey(parent));
        if (above) climb(above, [...path, label]);
      }
      done.add(label);
    }
  };
  for (const label of labels) climb(label, []);
  return faults;
}

function orphans(labels: readonly Label[]): TaxonomyFault[] {
  const narrow = labels.filter(({ isBroader }) => !isBroader);
  const alone = narrow.filter(({ parents }) => parents.length === 0);
  if (alone.length === narrow.length) return [];
  return alone.map((label) => ({ kind: 'orphan', message: `Nothing is above label ${describeLabel(label)}` }));
}

function unsearchables(labels: readonly Label[]): TaxonomyFault[] {
  const words = new Set(labels.flatMap(({ name, synonyms, parents }) => [name, ...synonyms, ...parents]));
  return [...words].filter(isUnsearchable).map((word) => ({
    kind: 'unsearchable',
    message: `${JSON.stringify(word)} cannot be asked for: it is empty, too long, or has stray spaces or control characters`,
  }));
}

function isUnsearchable(word: string): boolean {
  const quotedLength = word.replaceAll(/["\\]/g, '\\$&').length + 2;
  return word === '' || quotedLength > MAX_QUOTED_LENGTH || /^\s|\s$|\s\s|\p{Cc}/u.test(word);
}

function unreachables(labels: readonly Label[], thresholds: Readonly<Record<string, number>>): TaxonomyFault[] {
  const tags = new Set(labels.flatMap(({ name, parents }) => [name, ...parents].map(tagKey)));
  return Object.entries(thresholds).flatMap(([name, threshold]): TaxonomyFault[] => {
    if (!tags.has(tagKey(name))) {
      return [
        { kind: 'unreachable-threshold', message: `A threshold for "${name}", which is no label or broader tag` },
      ];
    }
    if (threshold >= 0 && threshold <= 1) return [];
    return [{ kind: 'unreachable-threshold', message: `The threshold of "${name}" is ${threshold}, not from 0 to 1` }];
  });
}

function findRepeated(words: readonly string[]): string[] {
  return words.filter((word, i) => words.findIndex((other) => tagKey(other) === tagKey(word)) !== i);
}

function describeLabel({ index, name }: Label): string {
  return `${index} (${name})`;
}
