import type { Inventory, ListedObject } from '@tagmill/pipeline';

/** How much there is to backfill, and how that is known. */
export interface BackfillSize {
  objects: number;
  bytes: number;
  /** `at-least` where counting was broken off; `estimated` from the part that was counted. */
  how: 'counted' | 'at-least' | 'estimated';
  /** What they are. */
  what: string;
}

/** Listing so many takes seconds, and half a cent. */
const COUNTED_OBJECTS = 1_000_000;

/**
 * The largest limit of a distributed map's reader. Nobody documents that it reads more without a limit.
 * https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
 */
const MOST_ITEMS = 100_000_000;

/** Counts what a listing holds, up to a million. */
export async function countListing(
  listing: AsyncIterable<ListedObject>,
  { bucket, prefix }: { bucket: string; prefix: string },
): Promise<BackfillSize> {
  const what = `below s3://${bucket}/${prefix}`;
  let [objects, bytes] = [0, 0];
  for await (const { sizeBytes } of listing) {
    objects++;
    bytes += sizeBytes;
    if (objects === COUNTED_OBJECTS) return { objects, bytes, how: 'at-least', what };
  }
  return { objects, bytes, how: 'counted', what };
}

/** Counts what an inventory holds below a prefix; beyond a million rows, it reckons from them what all of it holds. */
export async function countInventory(
  inventory: Pick<Inventory, 'rows' | 'objectOf' | 'manifest' | 'sizeBytes'>,
  prefix: string,
  countedRows = COUNTED_OBJECTS,
): Promise<BackfillSize> {
  const { sourceBucket: bucket, createdAt } = inventory.manifest;
  const made = `by the inventory of ${createdAt.toISOString()}`;
  let [rows, objects, bytes, allBytes] = [0, 0, 0, 0];
  for await (const { row, bytesRead } of inventory.rows()) {
    const object = inventory.objectOf(row);
    rows++;
    allBytes += object?.sizeBytes ?? 0;
    if (object?.key.startsWith(prefix)) {
      objects++;
      bytes += object.sizeBytes;
    }
    if (rows < countedRows || bytesRead >= inventory.sizeBytes) continue;
    const all = inventory.sizeBytes / bytesRead;
    const what = `in all of s3://${bucket}, ${made}, reckoned from ${rows} of them`;
    return { objects: Math.round(rows * all), bytes: allBytes * all, how: 'estimated', what };
  }
  return { objects, bytes, how: 'counted', what: `below s3://${bucket}/${prefix}, ${made}` };
}

/** A line for people, and another if it may be too much for one run. */
export function describeSize({ objects, bytes, how, what }: BackfillSize): string {
  const about = { counted: '', 'at-least': 'At least ', estimated: 'Some ' }[how];
  const line = `${about}${objects} objects, ${(bytes / 1e9).toFixed(1)} GB ${what}`;
  if (objects <= MOST_ITEMS) return line;
  return `${line}\nOne run is only known to read ${MOST_ITEMS} of them: docs/decisions/13-backfill.md`;
}
