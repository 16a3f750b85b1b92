import type { ImageRecord } from '@tagmill/core';
import { CERTAIN } from './expression/confidences.ts';
import { type ItemKey, shardOf, tagKey, tagPartition } from './keys.ts';

/** Most postings that one image may have: it bounds what an image costs (docs/decisions/table.md). */
export const MAX_POSTINGS = 12;

/**
 * One posting as its image's record lists it, `rank#shard#tag`: with the image's id it gives the posting's key. It is stored
 * rather than derived anew, so that postings can be found again after a change of how they are laid out.
 */
export type Posting = string;

/**
 * What an image is found by: its tags, then its broader tags, then the parents of its tags. A parent that isn't a broader
 * tag in its own right counts with the sum of the tags below it. Beyond {@link MAX_POSTINGS} the last ones are left out.
 *
 * @example
 * postingsOf('q83vASNFZ4mrze8BI0VniQ', { tags: [{ name: 'collie', confidence: 0.75, parents: ['dog'] }], broader: [] })
 * // ['02500#7#collie', '02500#7#dog']
 */
export function postingsOf(id: string, { tags, broader }: Pick<ImageRecord, 'tags' | 'broader'>): Posting[] {
  const found = new Map<string, Found>();
  const parents = new Map<string, Found>();
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
  const shard = shardOf(id);
  return [...found.values()]
    .slice(0, MAX_POSTINGS)
    .map(({ name, confidence }) => `${rankOf(Math.round(confidence * CERTAIN))}#${shard}#${name}`);
}

interface Found {
  name: string;
  confidence: number;
}

/** The key of an image's posting. Sort keys ascend, so the most confident comes first; the image breaks ties. */
export function postingKey(id: string, posting: Posting): ItemKey {
  const { rank, shard, tag } = partsOf(posting);
  return { pk: tagPartition(tag, shard), sk: `${rank}#${id}` };
}

/** The names that an image is found by, with confidences in ten-thousandths. */
export function confidencesOf(postings: readonly Posting[]): [string, number][] {
  return postings.map(partsOf).map(({ rank, tag }) => [tag, CERTAIN - Number(rank)]);
}

/** The tag that a posting is about. */
export function tagOf(posting: Posting): string {
  return partsOf(posting).tag;
}

/** Of a confidence in ten-thousandths, inverted: 1 is `00000`, 0 is `10000`. */
export function rankOf(confidence: number): string {
  return String(CERTAIN - confidence).padStart(5, '0');
}

function partsOf(posting: Posting): { rank: string; shard: number; tag: string } {
  const [, rank, shard, tag] = /^(\d+)#(\d+)#(.*)$/s.exec(posting)!;
  return { rank: rank!, shard: Number(shard), tag: tag! };
}
