import { isDeepStrictEqual } from 'node:util';
import { type ImageRecord, type ImageScores, TagmillError } from '@tagmill/core';
import { isNamedByOthers, nameTaught, type RuleSet, renameCorrections } from '@tagmill/pipeline';
import { correctRecord, type ImageState, removeCorrections } from '@tagmill/tag-store';
import type { NamedTags } from '@tagmill/tagger';

export interface CompareRulesOptions {
  images: AsyncIterable<ImageState>;
  set: RuleSet;
  /** As the tagging function does it; undefined if the labels are no longer there. */
  rename: (scores: ImageScores, rules: RuleSet['rules']) => Promise<NamedTags | undefined>;
}

/** As what an image has a name: its tag, a broader one, or only through a tag below it. */
export type NameRole = 'tag' | 'broader' | 'above';

/** A name that an image has before, after or both, in another role or with another confidence; absent where it has it not. */
export interface NameChange {
  name: string;
  before?: NameUse;
  after?: NameUse;
}

/** What is above a tag has no confidence of its own. */
export interface NameUse {
  as: NameRole;
  confidence?: number;
}

/** What an image is called, before and after. */
export interface RulesExample {
  bucket: string;
  key: string;
  before: string[];
  after: string[];
  /** The difference. */
  changes: NameChange[];
}

/** What rules would change. */
export interface RulesComparison {
  /** With tags, or looked at and without. */
  images: number;
  /** Images that would have another name, or one in another role or with another confidence. */
  changed: number;
  /** Images by tag or broader tag that they would get, and lose. */
  gained: Record<string, number>;
  lost: Record<string, number>;
  /** Images by name that they keep in another role, such as a broader tag that becomes a tag. */
  moved: Record<string, number>;
  /** Tagged by labels that this machine doesn't have: what becomes of them isn't known. */
  unknownLabels: number;
  examples: RulesExample[];
}

const MAX_EXAMPLES = 10;

/** Tries rules on what is kept of each image, and writes nothing. */
export async function compareRules({ images, set, rename }: CompareRulesOptions): Promise<RulesComparison> {
  const found: RulesComparison = {
    images: 0,
    changed: 0,
    gained: {},
    lost: {},
    moved: {},
    unknownLabels: 0,
    examples: [],
  };
  for await (const image of images) {
    if (image.scores === undefined) continue;
    found.images++;
    if (!isNamedByOthers(image, set)) continue;
    const named = await unlessUnknown(rename(image.scores, set.rules));
    const { scores, fingerprint } = image;
    if (named) compare(image, nameTaught(named, { scores, fingerprint }, set), set, found);
    else found.unknownLabels++;
  }
  return found;
}

function compare(image: ImageState, named: NamedTags, { rules }: RuleSet, found: RulesComparison): void {
  const before = image.record!;
  const { corrections } = renameCorrections(rules, image);
  const after = correctRecord({ ...removeCorrections(before, image.own), ...named }, corrections);
  const [old, now] = [listUses(before), listUses(after)];
  const changes = [...new Set([...old.keys(), ...now.keys()])]
    .map((name): NameChange => ({ name, ...use('before', old.get(name)), ...use('after', now.get(name)) }))
    .filter((change) => !isDeepStrictEqual(change.before, change.after));
  if (changes.length === 0) return;
  found.changed++;
  for (const { name, before, after } of changes) {
    const counts = before === undefined ? found.gained : after === undefined ? found.lost : found.moved;
    if (before?.as !== after?.as) counts[name] = (counts[name] ?? 0) + 1;
  }
  if (found.examples.length < MAX_EXAMPLES) {
    found.examples.push({ ...image.name, before: [...old.keys()], after: [...now.keys()], changes });
  }
}

function use(when: 'before' | 'after', given: NameUse | undefined): Partial<NameChange> {
  return given ? { [when]: given } : {};
}

/** All that an image is called, in its order, and as what. */
function listUses({ tags, broader }: ImageRecord): Map<string, NameUse> {
  const uses = new Map<string, NameUse>();
  const add = (name: string, given: NameUse) => !uses.has(name) && uses.set(name, given);
  for (const { name, confidence } of tags) add(name, { as: 'tag', confidence });
  for (const { name, confidence } of broader) add(name, { as: 'broader', confidence });
  for (const { parents } of tags) for (const name of parents) add(name, { as: 'above' });
  return uses;
}

async function unlessUnknown(named: Promise<NamedTags | undefined>): Promise<NamedTags | undefined> {
  try {
    return await named;
  } catch (error) {
    if (error instanceof TagmillError && error.code === 'invalid-catalogue') return undefined;
    throw error;
  }
}
