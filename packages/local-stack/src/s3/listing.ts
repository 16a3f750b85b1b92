import { S3Error } from './errors.ts';
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
export function listPage<Entry>({
  prefix,
  delimiter,
  limit,
  start,
  read,
  keyOf,
  cursorAfter,
}: Walk<Entry>): Page<Entry> {
  const page: Page<Entry> = { entries: [], commonPrefixes: [], isTruncated: false };
  if (limit === 0) return page;
  const prefixBytes = Buffer.from(prefix);
  const before = successor(prefixBytes);
  let cursor: Cursor = start && Buffer.compare(start.key, prefixBytes) >= 0 ? start : { key: prefixBytes };
  let count = 0;
  for (;;) {
    const wanted = limit - count + 1;
    const entries = read(cursor, before, wanted);
    let skipped: string | undefined;
    for (const entry of entries) {
      const key = keyOf(entry);
      if (skipped !== undefined && key.startsWith(skipped)) continue;
      if (count === limit) return { ...page, isTruncated: true };
      count++;
      const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
      skipped = end === -1 ? undefined : key.slice(0, end + delimiter.length);
      if (skipped === undefined) page.entries.push(entry);
      else page.commonPrefixes.push(skipped);
      page.last = skipped ?? entry;
    }
    const lastRead = entries.at(-1);
    if (!lastRead || entries.length < wanted) return page;
    cursor = skipped === undefined ? cursorAfter(lastRead) : { key: successor(Buffer.from(skipped))! };
  }
}

/** @returns the first bytes that come after all that begin with these; `undefined` if there are none. */
export function successor(prefix: Buffer): Buffer | undefined {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length--;
  if (length === 0) return undefined;
  const next = Buffer.from(prefix.subarray(0, length));
  next[length - 1]!++;
  return next;
}

/** @returns the first bytes that come after these. */
export function justAfter(key: string): Buffer {
  return Buffer.concat([Buffer.from(key), Buffer.alloc(1)]);
}

/** Where a listing goes on after what was last shown: behind a key or, if it is a common prefix, behind all below it. */
export function cursorAfterMarker(marker: string, prefix: string, delimiter: string): Cursor {
  const end = delimiter === '' || !marker.startsWith(prefix) ? -1 : marker.indexOf(delimiter, prefix.length);
  const isCommonPrefix = end !== -1 && end + delimiter.length === marker.length;
  return { key: isCommonPrefix ? successor(Buffer.from(marker))! : justAfter(marker) };
}

/**
 * How keys are written in an answer: percent-encoded if the request asks for that, since XML can't hold every character.
 *
 * @throws {S3Error} `InvalidArgument` for another encoding.
 */
export function keyWriter({ query }: S3Request): (key: string) => string {
  const encoding = query.get('encoding-type');
  if (encoding === null || encoding === '') return (key) => key;
  if (encoding !== 'url') {
    throw new S3Error('InvalidArgument', 'Invalid Encoding Method specified in Request', {
      details: { ArgumentName: 'encoding-type', ArgumentValue: encoding },
    });
  }
  return (key) =>
    encodeURIComponent(key)
      .replaceAll('%2F', '/')

      .replaceAll(/[!'()~]/g, encodeCharacter);
}

function encodeCharacter(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
