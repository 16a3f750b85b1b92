import { TagmillError } from '@tagmill/core';
import { BackfillQueue, type BackfillQueueOptions, isFolder } from '@tagmill/pipeline/bucket-and-queue';
import { z } from 'zod';
import type { Settings } from './settings.ts';

/**
 * A batch of what `listObjectsV2` finds, as a distributed map hands it on: times are seconds since the epoch.
 * https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
 */
const eventSchema = z.object({
  Items: z.array(
    z.object({
      Key: z.string().min(1),
      Etag: z.string(),
      LastModified: z.number(),
      Size: z.number(),
    }),
  ),
});

export type BacklogEvent = z.input<typeof eventSchema>;

/** Its name is what the state machine tries again at, as long as it takes. */
export class QueueFullError extends TagmillError {
  constructor() {
    super('throttled', 'As many messages of a backfill wait as may', { retryable: true });
  }
}

/**
 * Enqueues batches of objects.
 *
 * @returns a handler that answers how many it enqueued; it throws {@link QueueFullError} before it has enqueued any, and
 * `invalid-argument` if the event is none.
 */
export function createEnqueueBacklog(
  { BUCKET_NAME: bucket, KEY_PREFIX, KEY_SUFFIX }: Settings,
  queue: BackfillQueueOptions['queue'],
) {
  return async (given: unknown): Promise<{ enqueued: number }> => {
    const objects = parseEvent(given)
      .Items.filter(({ Key }) => Key.startsWith(KEY_PREFIX) && Key.endsWith(KEY_SUFFIX))
      .filter(({ Key, Size }) => !isFolder({ key: Key, sizeBytes: Size }))
      .map(({ Key, Etag, LastModified }) => ({
        bucket,
        key: Key,
        etag: Etag.replaceAll('"', ''),
        lastModified: new Date(LastModified * 1000),
      }));
    const backfill = new BackfillQueue({ queue });
    if (!(await backfill.hasRoom())) throw new QueueFullError();
    await backfill.enqueue(objects);
    return { enqueued: objects.length };
  };
}

function parseEvent(given: unknown): z.output<typeof eventSchema> {
  const parsed = eventSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new TagmillError('invalid-argument', `Not a batch of objects: ${z.prettifyError(parsed.error)}`, {
    cause: parsed.error,
  });
}
