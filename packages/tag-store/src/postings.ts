import type { ImageRecord } from '@tagmill/core';
import { CERTAIN } from './expression/confidences.ts';
import { type ItemKey, tagKey, tagPartition } from './keys.ts';

/** Most names that one image is found by: it bounds what an image costs (docs/decisions/08-table.md). */
export const MAX_NAMES = 16;

/**
 * One posting as its image's record lists it, `rank#tag`: with the image's id it gives the posting's key. It is stored rather
 * than derived anew, so that postings can be found again after a change of how they are laid out.
 */
export type Posting = string;

/** What an image can be found by. */
export interface FoundName {
  name: string;
  confidence: number;
  /**
   * Names of the same image, as keys, that bring this one along: it is found by their postings. Where there are none, it has a
   * posting of its own.
   */
  through: string[];
}

type Named = Pick<ImageRecord, 'tags' | 'broader'>;

/**
 * What an image is found by: its tags, then its broader tags, then the parents of its tags. A parent that isn't a broader
 * tag in its own right counts with the sum of the tags below it. Beyond {@link MAX_NAMES} the last ones are left out.
 *
 * @example
 * listNames({ tags: [{ name: 'collie', confidence: 0.75, parents: ['dog'] }], broader: [] })
 * // [{ name: 'collie', confidence: 0.75, through: [] }, { name: 'dog', confidence: 0.75, through: ['collie'] }]
 */
export function listNames({ tags, broader }: Named): FoundName[] {
  const found = new Map<string, { name: string; confidence: number }>();
  const parents = new Map<string, { name: string; confidence: number }>();
  for (const { name, confidence } of [...tags, ...broader]) {
    if (!found.has(tagKey(name))) found.set(tagKey(name), { name, confidence });
  }
  for (const { confidence, parents: names } of tags) {
    for (const name of names) {
      const sum = (parents.get(tagKey(name))?.confidence ?? 0) + confidence;
      parents.set(tagKey(name), { name, confidence: Math.min(1, sum) });
    }
  }
  for (const [key, parent] of parents) if (!found.has(key)) found.set(key, parent);
  const kept = new Map([...found].slice(0, MAX_NAMES));
  const through = lowestTags(tags);
  return [...kept].map(([key, each]) => ({
    ...each,
    through: (through.get(key) ?? []).filter((below) => below !== key && kept.has(below)),
  }));
}

/** By the key of each name, the tags below it that nothing else is below: those are certain to have a posting. */
function lowestTags(tags: Named['tags']): Map<string, string[]> {
  const above = new Set(
    tags.flatMap(({ name, parents }) => parents.map(tagKey).filter((parent) => parent !== tagKey(name))),
  );
  const through = new Map<string, string[]>();
  for (const { name, parents } of tags) {
    if (above.has(tagKey(name))) continue;
    for (const parent of parents) through.set(tagKey(parent), [...(through.get(tagKey(parent)) ?? []), tagKey(name)]);
  }
  return through;
}

/**
 * An image's postings: the names that it is found by, without those that others bring along. Who asks for `dog` is shown what
 * has a posting of `dog` or of any name below it, so that a collie needs no second one.
 */
export function makePostings(record: Named): Posting[] {
  return listNames(record)
    .filter(({ through }) => through.length === 0)
    .map(({ name, confidence }) => `${formatRank(hundredthsOfPercent(confidence))}#${name}`);
}

/** In ten-thousandths, as precise as postings are. */
export function hundredthsOfPercent(confidence: number): number {
  return Math.round(confidence * CERTAIN);
}

/** The key of an image's posting. Sort keys ascend, so the most confident comes first; the image breaks ties. */
export function postingKey(id: string, posting: Posting): ItemKey {
  const at = posting.indexOf('#');
  return { pk: tagPartition(posting.slice(at + 1)), sk: `${posting.slice(0, at)}#${id}` };
}

/** The tag that a posting is about, as a key. */
export function readPostingTag(posting: Posting): string {
  return tagKey(posting.slice(posting.indexOf('#') + 1));
}

/** Of a confidence in ten-thousandths, inverted: 1 is `00000`, 0 is `10000`. */
export function formatRank(confidence: number): string {
  return String(CERTAIN - confidence).padStart(5, '0');
}
