import type { S3Request } from './request.ts';
/** A page of a listing. */
export interface Page<Entry> {
    entries: Entry[];
    /** In order; each stands for all keys that begin with it. */
    commonPrefixes: string[];
    isTruncated: boolean;
    /** The last entry or common prefix, whichever comes later. */
    last?: Entry | string;
}
export interface Walk<Entry> {
    prefix: string;
    delimiter: string;
    limit: number;
    /** Entries from here on; `undefined` from the prefix's first. */
    start: Cursor | undefined;
    /** In order, from a cursor on, none whose key is `before` or later. */
    read: (from: Cursor, before: Buffer | undefined, limit: number) => Entry[];
    keyOf: (entry: Entry) => string;
    cursorAfter: (entry: Entry) => Cursor;
}
/** Where a listing goes on. */
export interface Cursor {
    key: Buffer;
    /** Only versions of `key` below this, then later keys. Without it: `key` itself, and later ones. */
    belowSequence?: number;
    /** Only uploads of `key` after this one, then those of later keys. */
    afterUpload?: string;
}
/**
 * Collects one page in the order of keys' UTF-8 bytes. Keys that have the delimiter after the prefix are skipped together,
 * so a page costs as much as it shows.
 */
export declare function listPage<Entry>({ prefix, delimiter, limit, start, read, keyOf, cursorAfter, }: Walk<Entry>): Page<Entry>;
/** @returns the first bytes that come after all that begin with these; `undefined` if there are none. */
export declare function successor(prefix: Buffer): Buffer | undefined;
/** @returns the first bytes that come after these. */
export declare function justAfter(key: string): Buffer;
/** Where a listing goes on after what was last shown: behind a key or, if it is a common prefix, behind all below it. */
export declare function cursorAfterMarker(marker: string, prefix: string, delimiter: string): Cursor;
/**
 * How keys are written in an answer: percent-encoded if the request asks for that, since XML can't hold every character.
 *
 * @throws {S3Error} `InvalidArgument` for another encoding.
 */
export declare function keyWriter({ query }: S3Request): (key: string) => string;
