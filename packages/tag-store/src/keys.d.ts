import { tagKey } from '@tagmill/core';
export { tagKey };
/**
 * Partitions that each outcome is spread over. DynamoDB serves 1,000 writes and 3,000 reads a second from one partition key
 * (Developer Guide, "Best practices for designing partition keys"): four keep up with 4,000 images a second. They cost a page
 * of a query four reads in place of one.
 */
export declare const SHARDS = 4;
export interface ObjectName {
    bucket: string;
    key: string;
}
export interface ItemKey {
    pk: string;
    sk: string;
}
/** Names an image in keys: 128 bits of a digest, because an S3 key may be as long as a sort key, 1,024 bytes. */
export declare function imageId({ bucket, key }: ObjectName): string;
/** Where an image's record lives. */
export declare function recordKey(id: string): ItemKey;
/** The image that a record's item is about. */
export declare function idOf(pk: string): string;
/** The shard that an image's index entry goes to. */
export declare function chooseShard(id: string): number;
/** Every shard, for a query that asks them all. */
export declare function allShards(): number[];
/** The partition of a tag's postings. */
export declare function tagPartition(tag: string): string;
/** Where a tag's name is listed. */
export declare function nameKey(tag: string): ItemKey;
/** Of the names of all tags. */
export declare const NAMES_PARTITION = "V";
/** Where it is listed that a name is found through one below it. */
export declare function belowKey(above: string, below: string): ItemKey;
/** Of the names below names. */
export declare const BELOW_PARTITION = "B";
/** The partition, in the index `by-outcome`, of one shard of an outcome. */
export declare function outcomePartition(outcome: string, shard: number): string;
