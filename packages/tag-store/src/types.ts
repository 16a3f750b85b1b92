import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Fingerprint, ImageRecord, ImageScores } from '@tagmill/core';
import type { Corrections, OwnTags } from './corrections.ts';
import type { ObjectName } from './keys.ts';
import type { Posting } from './postings.ts';

/** Which table. */
export interface TagStoreOptions {
  client: DynamoDBDocumentClient;
  tableName: string;
}

/** What an image's item says beside what conditions and indexes look at. */
export interface Content {
  record: ImageRecord;
  /** The model's tags, where people's corrections make the record's others. */
  own?: OwnTags;
  /** In items of before: those of now have them beside the content. */
  corrections?: Corrections;
  scores?: ImageScores;
  /** Absent in what was written before there were any. */
  fingerprint?: Fingerprint;
  /** Postings of the record. */
  live: Posting[];
  /** ISO 8601: when the tagged version was written to S3. */
  lastModified?: string;
}

/** What the table knows of an image. */
export interface ImageState {
  name: ObjectName;
  id: string;
  /** Grows with every write; 0 if the table has no item. */
  revision: number;
  /**
   * `written`: what readers see is written, and its postings are, or will be by whoever wrote it or by whoever gets its message
   * next. `indexed`: they are known to be. Without a record the image is gone. `unreadable`: nobody knows what was written, and the
   * image has to be looked at anew.
   */
  status: 'absent' | 'written' | 'indexed' | 'unreadable';
  /** Why it is unreadable. */
  fault?: string;
  /** The highest S3 sequencer whose change this state reflects. */
  sequencer?: string;
  /** When the tagged version was written to S3. */
  lastModified?: Date;
  record?: ImageRecord;
  /** The model's tags, where people's corrections make the record's others. */
  own?: OwnTags;
  corrections?: Corrections;
  scores?: ImageScores;
  fingerprint?: Fingerprint;
  /** Version of the rules that named the record's tags; none if there were no rules. */
  rules?: string;
  /** Postings of the record. */
  live: Posting[];
  /** Postings of earlier records that may still be alive. */
  stale: Posting[];
}

/** An item that holds an image's record and can't be read. */
export interface UnreadableItem {
  id: string;
  /** Why. */
  fault: string;
  /** The object's key, as the item's entry in the index has it: {@link isNamedIn} tells whether that is true. */
  key?: string;
}

export interface Page {
  records: ImageRecord[];
  /** What could have been on it; absent if all could be read. */
  unreadable?: UnreadableItem[];
  /** Opaque; absent on the last page. */
  cursor?: string;
}
