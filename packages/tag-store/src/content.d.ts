import { type ImageRecord, type ImageScores } from '@tagmill/core';
import type { Corrections, OwnTags } from './corrections.ts';
import type { Posting } from './postings.ts';
/** What an image's item says beside what conditions and indexes look at. */
export interface Content {
    record: ImageRecord;
    /** The model's tags, where people's corrections make the record's others. */
    own?: OwnTags;
    corrections?: Corrections;
    scores?: ImageScores;
    /** Postings of the record. */
    live: Posting[];
    /** ISO 8601: when the tagged version was written to S3. */
    lastModified?: string;
}
/**
 * An image's content as the table keeps it: the version, then JSON and the scores' bytes, deflated to a third of what DynamoDB's own
 * maps take, so that most items are written for one unit. Some 0.05 ms, and 0.03 to unpack.
 */
export declare function packContent({ scores, ...rest }: Content): Uint8Array;
/**
 * The inverse of {@link packContent}.
 *
 * @throws {TagmillError} `unreadable` if it is no content: damaged, or written by a version of tagmill that this one can't read.
 */
export declare function unpackContent(packed: Uint8Array): Content;
