import { listFaults, TagmillError, validate } from '@tagmill/core';
import * as v from 'valibot';

/** As S3 writes it: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html */
const manifestSchema = v.object({
  sourceBucket: v.pipe(v.string(), v.minLength(1)),
  /** Milliseconds since the epoch, in a string. */
  creationTimestamp: v.pipe(v.string(), v.regex(/^\d{1,15}$/, 'must be milliseconds since the epoch')),
  fileFormat: v.string(),
  fileSchema: v.string(),
  files: v.array(
    v.object({
      key: v.pipe(v.string(), v.minLength(1)),
      size: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
      MD5checksum: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/i, 'must be an MD5 digest in hexadecimal')),
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
  const result = validate(manifestSchema, parseJson(text));
  if (result.issues) {
    const faults = listFaults(result.issues).join('; ');
    throw new TagmillError('invalid-argument', `Not an inventory's manifest: ${faults}`, { cause: result.issues });
  }
  const { sourceBucket, creationTimestamp, fileFormat, fileSchema, files } = result.value;
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
