import { TagmillError } from '@tagmill/core';
import * as z from 'zod';

/** As S3 writes it: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html */
const manifestSchema = z.object({
  sourceBucket: z.string().min(1),
  /** Milliseconds since the epoch, in a string. */
  creationTimestamp: z.string().regex(/^\d{1,15}$/),
  fileFormat: z.string(),
  fileSchema: z.string(),
  files: z.array(
    z.object({
      key: z.string().min(1),
      size: z.int().min(0),
      MD5checksum: z.string().regex(/^[0-9a-f]{32}$/i),
    }),
  ),
});

/** What an inventory consists of. */
export interface InventoryManifest {
  /** That it lists. */
  sourceBucket: string;
  /** When S3 began to list. */
  createdAt: Date;
  columns: readonly string[];
  /** Their sizes in bytes, compressed. */
  files: readonly { key: string; size: number; md5: string }[];
}

/**
 * Reads a manifest.
 *
 * @throws {TagmillError} `invalid-argument` if it is none, if its files are Parquet or ORC, or if it lacks columns.
 */
export function parseManifest(text: string, needed: readonly string[]): InventoryManifest {
  const { data, error } = manifestSchema.safeParse(parseJson(text));
  if (!data)
    throw new TagmillError('invalid-argument', `Not an inventory's manifest: ${oneLine(error)}`, { cause: error });
  const { sourceBucket, creationTimestamp, fileFormat, fileSchema, files } = data;
  if (fileFormat !== 'CSV') {
    throw new TagmillError(
      'invalid-argument',
      `An inventory as ${JSON.stringify(fileFormat)} cannot be read: have S3 write it as CSV`,
    );
  }
  const columns = fileSchema.split(',').map((column) => column.trim());
  const missing = needed.filter((column) => !columns.includes(column));
  if (missing.length > 0) {
    throw new TagmillError(
      'invalid-argument',
      `The inventory has no ${missing.join(', ')}: have S3 write these as well`,
    );
  }
  return {
    sourceBucket,
    createdAt: new Date(Number(creationTimestamp)),
    columns,
    files: files.map(({ key, size, MD5checksum }) => ({ key, size, md5: MD5checksum.toLowerCase() })),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function oneLine(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.') || 'all'}: ${message}`).join('; ');
}
