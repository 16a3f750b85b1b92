import { listFaults, TagmillError, validate } from '@tagmill/core';
import * as v from 'valibot';
import { decodeKey } from './decode-key.ts';
import type { ListedObject } from './s3-object-store.ts';

/** Of an inventory: what is read of each object. */
export const NEEDED_COLUMNS = ['Bucket', 'Key', 'Size', 'LastModifiedDate', 'ETag'] as const;

/** A row of an inventory's file, by its columns: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory.html */
export type InventoryRow = Readonly<Record<string, string>>;

const rowSchema = v.object({
  Bucket: v.string(),
  Key: v.pipe(
    v.string(),
    v.minLength(1),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const key = decodeKey(dataset.value);
      if (key !== undefined) return key;
      addIssue({ message: 'is not URL-encoded' });
      return NEVER;
    }),
  ),
  Size: v.pipe(v.string(), v.regex(/^\d{1,15}$/, 'must be a number of bytes')),
  LastModifiedDate: v.pipe(
    v.string(),
    v.isoTimestamp('must be an ISO 8601 time'),
    v.toDate('must be an ISO 8601 time'),
  ),
  ETag: v.pipe(v.string(), v.minLength(1)),
});

/**
 * The object that a row is about.
 *
 * @returns undefined if it is a former version, or a delete marker: an inventory of all versions lists them, too.
 * @throws {TagmillError} `invalid-argument` if it is no row of an inventory of that bucket.
 *
 * @example
 * parseInventoryRow({ Bucket: 'b', Key: 'a+b.jpg', Size: '9', LastModifiedDate: '2026-01-02T03:04:05.000Z', ETag: 'e' }, 'b')
 * // { bucket: 'b', key: 'a b.jpg', etag: 'e', lastModified: 2026-01-02T03:04:05.000Z, sizeBytes: 9 }
 */
export function parseInventoryRow(row: InventoryRow, bucket: string): ListedObject | undefined {
  const { IsLatest = 'true', IsDeleteMarker = 'false' } = row;
  if (IsLatest.toLowerCase() !== 'true' || IsDeleteMarker.toLowerCase() === 'true') return undefined;
  const result = validate(rowSchema, row);
  if (result.issues) {
    const faults = listFaults(result.issues).join('; ');
    throw new TagmillError('invalid-argument', `Not a row of an inventory: ${faults}`, { cause: result.issues });
  }
  const { Bucket, Key, Size, LastModifiedDate, ETag } = result.value;
  if (Bucket !== bucket) {
    throw new TagmillError('invalid-argument', `The inventory is of ${Bucket}, not of ${bucket}`);
  }
  return { bucket, key: Key, etag: ETag, lastModified: LastModifiedDate, sizeBytes: Number(Size) };
}
