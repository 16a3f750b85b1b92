import { listFaults, TagmillError, validate } from '@tagmill/core';
import {
  BackfillQueue,
  type BackfillQueueOptions,
  isFolder,
  type ListedObject,
  parseInventoryRow,
  type RefusedMessage,
} from '@tagmill/pipeline';
import * as v from 'valibot';
import type { Settings } from './settings.ts';

/** What `listObjectsV2` finds: times are seconds since the epoch. */
const listedSchema = v.object({
  Key: v.pipe(v.string(), v.minLength(1)),
  Etag: v.string(),
  LastModified: v.number(),
  Size: v.number(),
});

/** A row of an inventory, by its columns: strings all, the key still encoded as in the file. */
const rowSchema = v.record(v.string(), v.string());

/**
 * A batch, as a distributed map hands it on: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
 */
const eventSchema = v.object({
  Items: v.array(v.union([listedSchema, rowSchema])),
  /** An inventory isn't asked for a prefix. */
  BatchInput: v.optional(v.object({ prefix: v.string() })),
});

export type BackfillEvent = v.InferInput<typeof eventSchema>;

export interface BackfillAnswer {
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
export function createEnqueueBackfill(
  { BUCKET_NAME: bucket, KEY_PREFIX, KEY_SUFFIX }: Settings,
  queue: BackfillQueueOptions['queue'],
) {
  return async (given: unknown): Promise<BackfillAnswer> => {
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
  item: v.InferOutput<typeof listedSchema> | v.InferOutput<typeof rowSchema>,
  bucket: string,
): ListedObject | undefined {
  if (!v.is(listedSchema, item)) return parseInventoryRow(item, bucket);
  const { Key: key, Etag, LastModified, Size: sizeBytes } = item;
  return { bucket, key, etag: Etag.replaceAll('"', ''), lastModified: new Date(LastModified * 1000), sizeBytes };
}

function parseEvent(given: unknown): v.InferOutput<typeof eventSchema> {
  const result = validate(eventSchema, given);
  if (!result.issues) return result.value;
  throw new TagmillError('invalid-argument', `Not a batch of objects: ${listFaults(result.issues).join('; ')}`, {
    cause: result.issues,
  });
}
