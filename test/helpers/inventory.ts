import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

export interface InventoriedRow {
  key: string;
  etag?: string;
  lastModified?: Date;
  sizeBytes?: number;
  /** More columns. */
  more?: Record<string, string>;
}

export interface InventoryOptions {
  sourceBucket: string;
  createdAt?: Date;
  /** Rows of each file. */
  files: readonly (readonly InventoriedRow[])[];
  columns?: readonly string[];
  fileFormat?: string;
  folder?: string;
}

const COLUMNS = ['Bucket', 'Key', 'Size', 'LastModifiedDate', 'ETag'];

/** What S3 would write: objects by their keys, the manifest among them. */
export function inventoryObjects({
  sourceBucket,
  createdAt = new Date('2026-01-02T00:00:00Z'),
  files,
  columns = COLUMNS,
  fileFormat = 'CSV',
  folder = 'inventories/photos/daily',
}: InventoryOptions): { manifestKey: string; objects: Map<string, Buffer> } {
  const objects = new Map<string, Buffer>();
  const described = files.map((rows, index) => {
    const key = `${folder}/data/${index}.csv.gz`;
    const body = gzipSync(rows.map((row) => csvLine(row, sourceBucket, columns)).join(''));
    objects.set(key, body);
    return { key, size: body.length, MD5checksum: md5(body) };
  });
  const manifest = Buffer.from(
    JSON.stringify({
      sourceBucket,
      destinationBucket: 'arn:aws:s3:::inventories',
      version: '2016-11-30',
      creationTimestamp: String(createdAt.getTime()),
      fileFormat,
      fileSchema: columns.join(', '),
      files: described,
    }),
  );
  const manifestKey = `${folder}/2026-01-02T00-00Z/manifest.json`;
  objects.set(manifestKey, manifest);
  objects.set(manifestKey.replace('manifest.json', 'manifest.checksum'), Buffer.from(`${md5(manifest)}\n`));
  return { manifestKey, objects };
}

export function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}

/** Keys as HTML forms encode them, all in quotes. */
function csvLine(row: InventoriedRow, bucket: string, columns: readonly string[]): string {
  const values: Record<string, string> = {
    Bucket: bucket,
    Key: encodeURIComponent(row.key).replaceAll('%2F', '/').replaceAll('%20', '+'),
    Size: String(row.sizeBytes ?? 1),
    LastModifiedDate: (row.lastModified ?? new Date('2026-01-01T00:00:00Z')).toISOString(),
    ETag: row.etag ?? 'e',
    ...row.more,
  };
  return `${columns.map((column) => `"${values[column]}"`).join(',')}\n`;
}
