import { TagmillError } from '@tagmill/core';
import * as z from 'zod';
import { decodeKey } from './decode-key.ts';
import type { ListedObject } from './s3-object-store.ts';

/** Of an inventory: what is read of each object. */
export const NEEDED_COLUMNS = ['Bucket', 'Key', 'Size', 'LastModifiedDate', 'ETag'] as const;

/** A row of an inventory's file, by its columns: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory.html */
export type InventoryRow = Readonly<Record<string, string>>;

const rowSchema = z.object({
  Bucket: z.string(),
  Key: z
    .string()
    .min(1)
    .transform((encoded, context) => {
      const key = decodeKey(encoded);
      if (key !== undefined) return key;
      context.addIssue({ code: 'custom', message: 'is not URL-encoded' });
      return z.NEVER;
    }),
  Size: z.string().regex(/^\d{1,15}$/),
  LastModifiedDate: z.iso.datetime(),
  ETag: z.string().min(1),
});

/**
 * The object that a row is about.
 *
 * @returns undefined if it is a former version, or a delete marker: an inventory of all versions lists them, too.
 * @throws {TagmillError} `invalid-argument` if it is no row of an inventory of that bucket.
 *
 * @example
 * inventoriedObject({ Bucket: 'b', Key: 'a+b.jpg', Size: '9', LastModifiedDate: '2026-01-02T03:04:05.000Z', ETag: 'e' }, 'b')
 * // { bucket: 'b', key: 'a b.jpg', etag: 'e', lastModified: 2026-01-02T03:04:05.000Z, sizeBytes: 9 }
 */
export function inventoriedObject(row: InventoryRow, bucket: string): ListedObject | undefined {
  const { IsLatest = 'true', IsDeleteMarker = 'false' } = row;
  if (IsLatest.toLowerCase() !== 'true' || IsDeleteMarker.toLowerCase() === 'true') return undefined;
  const { data, error } = rowSchema.safeParse(row);
  if (!data) {
    const faults = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
    throw new TagmillError('invalid-argument', `Not a row of an inventory: ${faults}`, { cause: error });
  }
  const { Key, Size, LastModifiedDate, ETag } = data;
  if (data.Bucket !== bucket) {
    throw new TagmillError('invalid-argument', `The inventory is of ${data.Bucket}, not of ${bucket}`);
  }
  return { bucket, key: Key, etag: ETag, lastModified: new Date(LastModifiedDate), sizeBytes: Number(Size) };
}
