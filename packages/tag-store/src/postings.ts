import type { ImageRecord } from '@tagmill/core';
import { type ItemKey, shardOf, tagPartition } from './keys.ts';

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
  const confidences = new Map<string, number>();
  const parents = new Map<string, number>();
  for (const { name, confidence } of [...tags, ...broader]) {
    if (!confidences.has(name)) confidences.set(name, confidence);
  }
  for (const { confidence, parents: names } of tags) {
    for (const name of names) parents.set(name, Math.min(1, (parents.get(name) ?? 0) + confidence));
  }
  for (const [name, confidence] of parents) if (!confidences.has(name)) confidences.set(name, confidence);
  const shard = shardOf(id);
  return [...confidences].slice(0, MAX_POSTINGS).map(([name, confidence]) => `${rank(confidence)}#${shard}#${name}`);
}

/** The key of an image's posting. Sort keys ascend, so the most confident comes first; the image breaks ties. */
export function postingKey(id: string, posting: Posting): ItemKey {
  const [, rank, shard, tag] = /^(\d+)#(\d+)#(.*)$/s.exec(posting)!;
  return { pk: tagPartition(tag!, Number(shard)), sk: `${rank}#${id}` };
}

/** Four decimals, inverted: 1 is `00000`, 0 is `10000`. */
function rank(confidence: number): string {
  return String(10_000 - Math.round(confidence * 10_000)).padStart(5, '0');
}
