import type { S3ObjectStore } from '@tagmill/pipeline';
import { imageId, isNamedIn, type RecordedImages, type TablePosition, type UnreadableItem } from '@tagmill/tag-store';

export interface UnreadableRecords {
  /** Each with the key of the object that it is about, if that was found. */
  records: UnreadableItem[];
  /** Whether the whole table was looked through. */
  isComplete: boolean;
}

export interface FindUnreadableOptions {
  images: (after?: TablePosition) => Promise<RecordedImages>;
  bucket: string;
  objects: Pick<S3ObjectStore, 'list'>;
  /** Of the table, a megabyte each, that are read at most; all if absent. */
  maxPages?: number | undefined;
}

/**
 * Looks through a table for records that can't be read.
 *
 * @throws {TagmillError} of DynamoDB and S3.
 */
export async function findUnreadable(options: FindUnreadableOptions): Promise<UnreadableRecords> {
  const { images, maxPages = Number.POSITIVE_INFINITY } = options;
  const found: UnreadableItem[] = [];
  let position: TablePosition | undefined;
  let pages = 0;
  do {
    const { unreadable, next } = await images(position);
    found.push(...unreadable);
    position = next;
    pages++;
  } while (position && pages < maxPages);
  return { records: await nameUnreadable(found, options), isComplete: position === undefined };
}

/** Objects that are listed to find a name. */
const MAX_LISTED = 100_000;

/**
 * Finds the objects that unreadable records are about: by what their entries in the index say, or else by a listing.
 *
 * @returns each record once.
 * @throws {TagmillError} of S3.
 */
export async function nameUnreadable(
  items: readonly UnreadableItem[],
  { bucket, objects }: Pick<FindUnreadableOptions, 'bucket' | 'objects'>,
): Promise<UnreadableItem[]> {
  const byId = new Map<string, UnreadableItem>(
    items.map((item) => [item.id, isNamedIn(bucket, item) ? item : { id: item.id, fault: item.fault }]),
  );
  const nameless = new Set(items.filter((item) => !isNamedIn(bucket, item)).map(({ id }) => id));
  let listed = 0;
  if (nameless.size > 0) {
    for await (const { key } of objects.list({ bucket, prefix: '' })) {
      const id = imageId({ bucket, key });
      if (nameless.delete(id)) byId.set(id, { ...byId.get(id)!, key });
      if (nameless.size === 0 || ++listed === MAX_LISTED) break;
    }
  }
  return [...byId.values()];
}
