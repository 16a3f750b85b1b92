import { TagmillError } from '@tagmill/core';
import {
  BackfillQueue,
  type BackfillQueueOptions,
  inventoriedObject,
  isFolder,
  type ListedObject,
  type RefusedMessage,
} from '@tagmill/pipeline/bucket-and-queue';
import * as z from 'zod';
import type { Settings } from './settings.ts';

/** What `listObjectsV2` finds: times are seconds since the epoch. */
const listedSchema = z.object({
  Key: z.string().min(1),
  Etag: z.string(),
  LastModified: z.number(),
  Size: z.number(),
});

/** A row of an inventory, by its columns: strings all, the key still encoded as in the file. */
const rowSchema = z.record(z.string(), z.string());

/**
 * A batch, as a distributed map hands it on: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
 */
const eventSchema = z.object({
  Items: z.array(z.union([listedSchema, rowSchema])),
  /** An inventory isn't asked for a prefix. */
  BatchInput: z.object({ prefix: z.string() }).optional(),
});

export type BacklogEvent = z.input<typeof eventSchema>;

export interface BacklogAnswer {
  enqueued: number;
  /** Messages that SQS doesn't take: their images stay as they are. */
  refused?: RefusedMessage[];
}

/** Its name is what the state machine tries again at, as long as it takes. */
export class QueueFullError extends TagmillError {
  constructor() {
    super('throttled', 'As many messages of a backfill wait as may', { retryable: true });
  }
}

/**
 * Enqueues batches of objects.
 *
 * @returns a handler that answers how many it enqueued, and which it could not; it throws {@link QueueFullError} before it has enqueued any, and
 * `invalid-argument` if the event is none.
 */
export function createEnqueueBacklog(
  { BUCKET_NAME: bucket, KEY_PREFIX, KEY_SUFFIX }: Settings,
  queue: BackfillQueueOptions['queue'],
) {
  return async (given: unknown): Promise<BacklogAnswer> => {
    const { Items, BatchInput } = parseEvent(given);
    const prefix = BatchInput?.prefix ?? '';
    const objects = Items.flatMap((item) => objectOf(item, bucket) ?? [])
      .filter(({ key }) => key.startsWith(prefix) && key.startsWith(KEY_PREFIX) && key.endsWith(KEY_SUFFIX))
      .filter((object) => !isFolder(object));
    const backfill = new BackfillQueue({ queue });
    if (!(await backfill.hasRoom())) throw new QueueFullError();
    const refused = await backfill.enqueue(objects);
    return { enqueued: objects.length - refused.length, ...(refused.length > 0 && { refused }) };
  };
}

function objectOf(
  item: z.output<typeof listedSchema> | z.output<typeof rowSchema>,
  bucket: string,
): ListedObject | undefined {
  const { data } = listedSchema.safeParse(item);
  if (!data) return inventoriedObject(item as z.output<typeof rowSchema>, bucket);
  const { Key: key, Etag, LastModified, Size: sizeBytes } = data;
  return { bucket, key, etag: Etag.replaceAll('"', ''), lastModified: new Date(LastModified * 1000), sizeBytes };
}

function parseEvent(given: unknown): z.output<typeof eventSchema> {
  const parsed = eventSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new TagmillError('invalid-argument', `Not a batch of objects: ${z.prettifyError(parsed.error)}`, {
    cause: parsed.error,
  });
}
