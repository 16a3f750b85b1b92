import type { S3ObjectStore } from '@tagmill/pipeline';
import { imageId, type RecordedImages, type TablePosition, type UnreadableItem } from '@tagmill/tag-store';

/** A record that can't be read, and the object that it is about, if there is one. */
export interface UnreadableRecord extends UnreadableItem {
  key?: string;
}

export interface UnreadableRecords {
  records: UnreadableRecord[];
  /** Whether the whole table was looked through. */
  isComplete: boolean;
}

export interface FindUnreadableOptions {
  images: (after?: TablePosition) => Promise<RecordedImages>;
  bucket: string;
  objects: Pick<S3ObjectStore, 'list'>;
  /** Of the table, a megabyte each, that are read at most. */
  maxPages?: number;
}

/** Some 100,000 images: a third of a US cent. */
const MAX_PAGES = 200;

/**
 * Looks through a table for records that can't be read.
 *
 * @throws {TagmillError} of DynamoDB and S3.
 */
export async function findUnreadable(options: FindUnreadableOptions): Promise<UnreadableRecords> {
  const { images, maxPages = MAX_PAGES } = options;
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
 * Finds the objects that unreadable records are about: only a listing tells.
 *
 * @returns each record once.
 * @throws {TagmillError} of S3.
 */
export async function nameUnreadable(
  items: readonly UnreadableItem[],
  { bucket, objects }: Pick<FindUnreadableOptions, 'bucket' | 'objects'>,
): Promise<UnreadableRecord[]> {
  const byId = new Map<string, UnreadableRecord>(items.map((item) => [item.id, item]));
  const nameless = new Set(byId.keys());
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
