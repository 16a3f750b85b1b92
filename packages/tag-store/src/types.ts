import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ImageRecord, ImageScores } from '@tagmill/core';
import type { Corrections, OwnTags } from './corrections.ts';
import type { StoredFacts } from './facts.ts';
import type { ObjectName } from './keys.ts';
import type { Posting } from './postings.ts';

/** Which table. */
export interface TagStoreOptions {
  client: DynamoDBDocumentClient;
  tableName: string;
}

/** What the table knows of an image. */
export interface ImageState {
  name: ObjectName;
  id: string;
  /** Grows with every claim; 0 if the table has no item. */
  revision: number;
  /** `pending` from the claim to the commit; a `done` without a record is an image that is gone. */
  status: 'absent' | 'pending' | 'done';
  /** The highest S3 sequencer whose change this state reflects. */
  sequencer?: string;
  /** When the tagged version was written to S3. */
  lastModified?: Date;
  record?: ImageRecord;
  /** The model's tags, where people's corrections make the record's others. */
  own?: OwnTags;
  corrections?: Corrections;
  scores?: ImageScores;
  /** Version of the rules that named the record's tags; none if there were no rules. */
  rules?: string;
  /** Postings of the record. */
  live: Posting[];
  /** Every posting that an attempt that didn't commit could have written. */
  uncertain: Posting[];
}

/** The right to write an image, until someone else claims it. */
export interface Claim {
  id: string;
  revision: number;
  sequencer?: string;
  /** Postings that will be the record's. */
  live: Posting[];
  /** What those repeat of the image. */
  facts: StoredFacts;
  /** Postings that must be dead before the commit. */
  stale: Posting[];
  /** To be laid over the record. */
  corrections?: Corrections;
  /** What the commit must find. */
  expected: Pick<ImageState, 'revision' | 'status'>;
}

export interface Page {
  records: ImageRecord[];
  /** Opaque; absent on the last page. */
  cursor?: string;
}
