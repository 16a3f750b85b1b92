import { createHash } from 'node:crypto';
import { tagKey } from '@tagmill/core';

export { tagKey };

/**
 * Partitions that each outcome is spread over. DynamoDB serves 1,000 writes and 3,000 reads a second from one partition key
 * (Developer Guide, "Best practices for designing partition keys"): four keep up with 4,000 images a second. They cost a page
 * of a query four reads in place of one.
 */
export const SHARDS = 4;

export interface ObjectName {
  bucket: string;
  key: string;
}

export interface ItemKey {
  pk: string;
  sk: string;
}

/** Names an image in keys: 128 bits of a digest, because an S3 key may be as long as a sort key, 1,024 bytes. */
export function imageId({ bucket, key }: ObjectName): string {
  return createHash('sha256').update(`${bucket}\0${key}`).digest().subarray(0, 16).toString('base64url');
}

const RECORD_PARTITION = 'I#';

/** Where an image's record lives. */
export function recordKey(id: string): ItemKey {
  return { pk: `${RECORD_PARTITION}${id}`, sk: 'R' };
}

/** The image that a record's item is about. */
export function idOf(pk: string): string {
  return pk.slice(RECORD_PARTITION.length);
}

/** The shard that an image's index entry goes to. */
export function chooseShard(id: string): number {
  return Buffer.from(id, 'base64url').readUInt32BE() % SHARDS;
}

/** Every shard, for a query that asks them all. */
export function allShards(): number[] {
  return Array.from({ length: SHARDS }, (_, shard) => shard);
}

/** The partition of a tag's postings. */
export function tagPartition(tag: string): string {
  return `T#${tagKey(tag)}`;
}

/** Where a tag's name is listed. */
export function nameKey(tag: string): ItemKey {
  return { pk: NAMES_PARTITION, sk: tagKey(tag) };
}

/** Of the names of all tags. */
export const NAMES_PARTITION = 'V';

/** Where it is listed that a name is found through one below it. */
export function belowKey(above: string, below: string): ItemKey {
  return { pk: BELOW_PARTITION, sk: `${tagKey(above)}#${tagKey(below)}` };
}

/** Of the names below names. */
export const BELOW_PARTITION = 'B';

/** The partition, in the index `by-outcome`, of one shard of an outcome. */
export function outcomePartition(outcome: string, shard: number): string {
  return `${outcome}#${shard}`;
}
