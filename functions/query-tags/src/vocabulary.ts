import fs from 'node:fs/promises';
import path from 'node:path';
import { type Label, TagmillError, tagKey } from '@tagmill/core';
import type { RuleSet, RulesInForce } from '@tagmill/pipeline';
import { listBroaderSynonyms, NO_RULES, nameLabels, type Rules } from '@tagmill/rules';
import type { PersonsTag, RemovedTag, Synonyms } from '@tagmill/tag-store';
import * as z from 'zod';

/** What the words are that people ask and correct by. */
export interface Vocabulary {
  /** Of the rules that they are by; none if there are no rules. */
  version: string | undefined;
  synonyms: Synonyms;
  /** Of all labels and broader tags, and what was taught. */
  names: readonly string[];
  /** A tag by its name or a synonym, as it is called, with what is above it; a word that no label set has stands for itself. */
  find(word: string): PersonsTag & RemovedTag;
}

const words = z.array(z.string()).default([]);
const labelsSchema = z.array(z.object({ name: z.string(), synonyms: words, parents: words }));

/**
 * All label sets of a folder.
 *
 * @throws {TagmillError} `invalid-catalogue` if a file is no label set.
 */
export async function readLabelSets(directory: string): Promise<Label[]> {
  const sets: Label[] = [];
  for (const file of await fs.readdir(directory)) {
    const parsed = labelsSchema.safeParse(JSON.parse(await fs.readFile(path.join(directory, file), 'utf8')));
    if (!parsed.success)
      throw new TagmillError('invalid-catalogue', `${file} is no label set`, { cause: parsed.error });
    sets.push(...parsed.data.map((label, index) => ({ ...label, index })));
  }
  return sets;
}

const catalogueSchema = z.object({ variants: z.array(z.object({ variant: z.string() })) });

/**
 * The names of the variants of a catalogue.
 *
 * @throws {TagmillError} `invalid-catalogue` if the file is none.
 */
export async function readVariants(file: string): Promise<string[]> {
  const parsed = catalogueSchema.safeParse(JSON.parse(await fs.readFile(file, 'utf8')));
  if (parsed.success) return parsed.data.variants.map(({ variant }) => variant);
  throw new TagmillError('invalid-catalogue', `${file} is no catalogue`, { cause: parsed.error });
}

/**
 * The words of label sets, as rules have them.
 *
 * @example
 * buildVocabulary([{ index: 0, name: 'collie', synonyms: ['sheepdog'], parents: ['dog'] }]).find('Sheepdog')
 * // { name: 'collie', label: 'collie', parents: ['dog'] }
 */
export function buildVocabulary(
  labels: readonly Label[],
  { rules, version, taught = [] }: RuleSet = { rules: NO_RULES, version: undefined },
): Vocabulary {
  const { labels: named, above } = nameLabels(labels, rules);
  const synonyms = new Map<string, string[]>();
  const pairs = named.flatMap(({ name, synonyms: others }) => others.map((word): [string, string] => [word, name]));
  for (const [word, name] of [...pairs, ...listBroaderSynonyms(labels, rules)]) {
    synonyms.set(tagKey(word), [...(synonyms.get(tagKey(word)) ?? []), name]);
  }
  const tags = new Map<string, PersonsTag & RemovedTag>();
  for (const [name, parents] of above) tags.set(tagKey(name), { ...labelOf(name, rules), name, parents });
  named.forEach(({ name, parents }, i) => tags.set(tagKey(name), { name, label: labels[i]!.name, parents }));
  return {
    version,
    synonyms,
    names: [...tags.values(), ...taught].map(({ name }) => name),
    find: (word) => {
      const [meant, ...others] = synonyms.get(tagKey(word)) ?? [];
      const name = meant !== undefined && others.length === 0 && !tags.has(tagKey(word)) ? meant : word;
      return tags.get(tagKey(name)) ?? { name, parents: [] };
    },
  };
}

/** For how long rules are taken to be in force. A question may be understood by those of a moment ago. */
const RULES_KEPT_MS = 5000;

/**
 * The words by the rules in force.
 *
 * @param now milliseconds since the epoch.
 * @returns gives the same object until they change.
 */
export function wordsInForce(
  labels: readonly Label[],
  rules: RulesInForce,
  now: () => number = Date.now,
): () => Promise<Vocabulary> {
  let known: { of: RuleSet; vocabulary: Vocabulary } | undefined;
  let staleAt = 0;
  return async () => {
    if (now() >= staleAt) {
      await rules.refresh();
      staleAt = now() + RULES_KEPT_MS;
    }
    const of = rules.current;
    if (known?.of !== of) known = { of, vocabulary: buildVocabulary(labels, of) };
    return known.vocabulary;
  };
}

/** What the label set calls a broader tag. */
function labelOf(name: string, { tags }: Rules): { label: string } {
  const [label] = Object.entries(tags).find(([, { rename }]) => rename === name) ?? [name];
  return { label };
}
