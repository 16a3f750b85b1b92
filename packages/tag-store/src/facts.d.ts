import type { ImageRecord } from '@tagmill/core';
import type { Facts } from './expression/matches.ts';
import { type Posting } from './postings.ts';
/**
 * What a posting and an index entry repeat of their image, so that an expression passes over others without reading their
 * records. One text, because taking it apart is much faster than DynamoDB's own lists and maps are; it stays below a kilobyte,
 * the least that a write is charged.
 */
export type StoredFacts = string;
/** What the postings and the index entry of a record repeat. */
export declare function formatFacts(record: ImageRecord): StoredFacts;
/** What images are counted by, of stored facts: names as they are written, where it is, when it was taken. Of damaged ones, no name and no more. */
export declare function parseFacets(stored: StoredFacts): Pick<Facts, 'key' | 'takenAt'> & {
    names: string[];
};
/**
 * What a posting or an index entry says; it may be out of date.
 *
 * @throws if it is damaged.
 */
export declare function parseFacts(stored: StoredFacts): Facts;
/** What is so of a record that has these postings. */
export declare function deriveFacts(record: ImageRecord, live: readonly Posting[]): Facts;
/** The postings of a record that has these facts; none if they are damaged. */
export declare function parsePostings(stored: StoredFacts): Posting[];
