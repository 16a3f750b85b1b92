import { isDeepStrictEqual } from 'node:util';
import { type ImageRecord, type ImageScores, TagmillError } from '@tagmill/core';
import { correctedRecord, type ImageState, withoutCorrections } from '@tagmill/tag-store';
import type { NamedTags } from '@tagmill/tagger';
import { correctionsBy, isNamedByOthers } from './rename-image.ts';
import type { RuleSet } from './rules-in-force.ts';

export interface CompareRulesOptions {
  images: AsyncIterable<ImageState>;
  set: RuleSet;
  /** As the tagging function does it; undefined if the labels are no longer there. */
  rename: (scores: ImageScores, rules: RuleSet['rules']) => Promise<NamedTags | undefined>;
}

/** What an image is called, before and after. */
export interface RulesExample {
  bucket: string;
  key: string;
  before: string[];
  after: string[];
}

/** What rules would change. */
export interface RulesComparison {
  /** With tags, or looked at and without. */
  images: number;
  changed: number;
  /** Images by tag or broader tag that they would get, and lose. */
  gained: Record<string, number>;
  lost: Record<string, number>;
  /** Tagged by labels that this machine doesn't have: what becomes of them isn't known. */
  unknownLabels: number;
  examples: RulesExample[];
}

const MAX_EXAMPLES = 10;

/** Tries rules on what is kept of each image, and writes nothing. */
export async function compareRules({ images, set, rename }: CompareRulesOptions): Promise<RulesComparison> {
  const found: RulesComparison = { images: 0, changed: 0, gained: {}, lost: {}, unknownLabels: 0, examples: [] };
  for await (const image of images) {
    if (image.scores === undefined) continue;
    found.images++;
    if (!isNamedByOthers(image, set)) continue;
    const named = await unlessUnknown(rename(image.scores, set.rules));
    if (named) compare(image, named, set, found);
    else found.unknownLabels++;
  }
  return found;
}

function compare(image: ImageState, named: NamedTags, { rules }: RuleSet, found: RulesComparison): void {
  const before = image.record!;
  const { corrections } = correctionsBy(rules, image);
  const after = correctedRecord({ ...withoutCorrections(before, image.own), ...named }, corrections);
  if (isDeepStrictEqual([before.tags, before.broader], [after.tags, after.broader])) return;
  found.changed++;
  const [old, now] = [new Set(wordsOf(before)), new Set(wordsOf(after))];
  for (const word of now.difference(old)) found.gained[word] = (found.gained[word] ?? 0) + 1;
  for (const word of old.difference(now)) found.lost[word] = (found.lost[word] ?? 0) + 1;
  if (found.examples.length < MAX_EXAMPLES) found.examples.push({ ...image.name, before: [...old], after: [...now] });
}

/** All that an image is called, in its order. */
function wordsOf({ tags, broader }: ImageRecord): string[] {
  return [
    ...tags.map(({ name }) => name),
    ...tags.flatMap(({ parents }) => parents),
    ...broader.map(({ name }) => name),
  ];
}

async function unlessUnknown(named: Promise<NamedTags | undefined>): Promise<NamedTags | undefined> {
  try {
    return await named;
  } catch (error) {
    if (error instanceof TagmillError && error.code === 'invalid-catalogue') return undefined;
    throw error;
  }
}
