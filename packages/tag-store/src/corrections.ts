import {
  type BroaderTag,
  type ImageRecord,
  type Tag,
  TagmillError,
  tagKey,
  UNMEASURED_TAG_OPTIONS,
} from '@tagmill/core';

/** A tag that a person gave, with the broader tags that it brings along. */
export interface PersonsTag {
  name: string;
  parents: string[];
}

/** A tag that a person took away. */
export interface RemovedTag {
  /** What it is called. */
  name: string;
  /** What the label set calls it: by that it is known when rules rename it. */
  label?: string;
}

/** What people say of an image's content. */
export interface Corrections {
  /** Of that content: they are about no other. */
  sha256: string;
  added: PersonsTag[];
  /** What isn't on it. */
  removed: RemovedTag[];
}

/** What a person says. */
export interface Correction {
  add: PersonsTag[];
  remove: RemovedTag[];
  /** Names of which nothing is said any more: the model's word counts again. */
  forget: string[];
}

/**
 * The inverse of `JSON.stringify`: an item keeps corrections beside its content, so that they outlive a content that can't be read.
 *
 * @throws {TagmillError} `unreadable` if those are none.
 */
export function parseCorrections(stored: unknown): Corrections {
  try {
    const corrections = JSON.parse(stored as string);
    const { sha256, added, removed } = corrections;
    if (typeof sha256 === 'string' && Array.isArray(added) && Array.isArray(removed)) return corrections;
  } catch {}
  throw new TagmillError('unreadable', "people's corrections of it can't be read");
}

/** Of an image, by the model and the rules alone. */
export type OwnTags = Pick<ImageRecord, 'tags' | 'broader'>;

/** All of them are found: postings are given to tags in their order, and people's come first. */
export const MAX_ADDED = 10;
export const MAX_REMOVED = 50;

/**
 * Adds what a person says to what was said before: the later word counts. Who adds a tag takes back that it, or what is
 * above it, was removed; who removes one takes back those added below it.
 *
 * @throws {TagmillError} `invalid-argument` if a name is said twice, a tag is added below one that is removed, or there are too
 * many.
 */
export function mergeCorrection(before: Corrections, { add, remove, forget }: Correction): Corrections {
  const said = [...add.map(nameOf), ...remove.map(nameOf), ...forget].map(tagKey);
  const twice = said.find((key, i) => said.indexOf(key) !== i);
  if (twice !== undefined) throw new TagmillError('invalid-argument', `${twice} is named twice`);

  const isNamed = among(said);
  const isRemoved = among(remove.map(({ name }) => tagKey(name)));
  const isConfirmed = among(add.flatMap(({ name, parents }) => [name, ...parents]).map(tagKey));
  const torn = add.find(({ parents }) => parents.some(isRemoved));
  if (torn) throw new TagmillError('invalid-argument', `${torn.name} can't be on it if what is above it isn't`);
  const added = before.added.filter(({ name, parents }) => !isNamed(name) && !parents.some(isRemoved));
  const removed = before.removed.filter(({ name }) => !isNamed(name) && !isConfirmed(name));
  const merged = { ...before, added: [...added, ...add], removed: [...removed, ...remove] };
  const [count, most, what] =
    merged.added.length > MAX_ADDED
      ? [merged.added.length, MAX_ADDED, 'added']
      : [merged.removed.length, MAX_REMOVED, 'removed'];
  if (count > most)
    throw new TagmillError('invalid-argument', `At most ${most} tags of an image are ${what} by people`);
  return merged;
}

/** Whether corrections are about a content; undefined if that isn't known. */
function isAbout({ sha256 }: Corrections, image: { sha256?: string } | undefined): boolean | undefined {
  return image?.sha256 === undefined ? undefined : image.sha256 === sha256;
}

/** They stay until content that they aren't about is seen, which what failed was not. */
export function isKept(corrections: Corrections, { image }: ImageRecord): boolean {
  return corrections.added.length + corrections.removed.length > 0 && isAbout(corrections, image) !== false;
}

/**
 * Lays people's corrections over the model's tags. With a tag that isn't there goes what would imply it: who says that there
 * is no dog says that there is no collie. What was seen because of it goes as well: without the bee, there is less of an insect.
 */
export function correctTags(
  { tags, broader }: OwnTags,
  image: { sha256?: string } | undefined,
  corrections: Corrections | undefined,
): OwnTags {
  if (!corrections || !isAbout(corrections, image)) return { tags, broader };
  const isRemoved = among(corrections.removed.map(({ name }) => tagKey(name)));
  const isAdded = among(corrections.added.map(({ name }) => tagKey(name)));
  const isGone = ({ name, parents }: Tag) => isRemoved(name) || parents.some(isRemoved);
  const added = corrections.added.map((tag): Tag => ({ confidence: 1, by: 'person', ...tag }));
  const left = [...added, ...tags.filter((tag) => !isGone(tag) && !isAdded(tag.name))];
  return {
    tags: left,
    broader: broaderLeft(broader, { gone: tags.filter(isGone), left }).filter(
      ({ name }) => !isRemoved(name) && !isAdded(name),
    ),
  };
}

/**
 * Broader tags without what tags that are gone added to them. How labels make up a broader tag is the network's affair, so this is what
 * is left at least: the rest of a sum, or the surest tag below that is left.
 */
function broaderLeft(
  broader: readonly BroaderTag[],
  { gone, left }: { gone: readonly Tag[]; left: readonly Tag[] },
): BroaderTag[] {
  const below = (tags: readonly Tag[], name: string) =>
    tags
      .filter(({ parents }) => parents.some((parent) => tagKey(parent) === tagKey(name)))
      .map((tag) => tag.confidence);
  return broader
    .flatMap((tag) => {
      const lost = below(gone, tag.name);
      if (lost.length === 0) return [tag];
      const rest = lost.reduce((sum, confidence) => sum - confidence, tag.confidence);
      const confidence = Math.round(Math.max(rest, ...below(left, tag.name)) * 1e4) / 1e4;
      return confidence < UNMEASURED_TAG_OPTIONS.minBroaderConfidence ? [] : [{ ...tag, confidence }];
    })
    .sort((a, b) => b.confidence - a.confidence);
}

/**
 * The record as readers see it.
 *
 * @returns the same object if there is nothing to correct.
 */
export function correctRecord(record: ImageRecord, corrections: Corrections | undefined): ImageRecord {
  const isTagged = record.outcome === 'tagged' || record.outcome === 'empty';
  if (!isTagged || !corrections || !isAbout(corrections, record.image)) return record;
  const { added, removed } = corrections;
  if (added.length + removed.length === 0) return record;
  const { tags, broader } = correctTags(record, record.image, corrections);
  const outcome = tags.length > 0 ? 'tagged' : 'empty';
  return { ...record, outcome, tags, broader, ...(removed.length > 0 && { removed: removed.map(nameOf) }) };
}

function nameOf({ name }: { name: string }): string {
  return name;
}

function among(keys: readonly string[]): (name: string) => boolean {
  const known = new Set(keys);
  return (name) => known.has(tagKey(name));
}
