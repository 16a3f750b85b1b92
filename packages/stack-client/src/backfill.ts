import { formatBackfillMessage, type ListedObject, SQS_BATCH_SIZE, type SqsQueue } from '@tagmill/pipeline';

export interface BackfillOptions {
  /** In the order of their keys. */
  objects: AsyncIterable<ListedObject>;
  queue: Pick<SqsQueue, 'send'>;
  /** Called after each batch. To go on later, list the objects after `lastKey`. */
  onProgress?: (progress: BackfillProgress) => void;
}

export interface BackfillProgress {
  enqueued: number;
  lastKey?: string;
}

/**
 * Enqueues objects that were there before their events were. What this model has already tagged is skipped when the message
 * arrives, so enqueuing twice does no harm.
 *
 * @throws {TagmillError} of the listing or the queue; what `onProgress` last said is enqueued for certain.
 */
export async function backfill({ objects, queue, onProgress }: BackfillOptions): Promise<BackfillProgress> {
  let progress: BackfillProgress = { enqueued: 0 };
  let batch: ListedObject[] = [];
  const flush = async () => {
    if (batch.length === 0) return;
    await queue.send(batch.map(formatBackfillMessage));
    progress = { enqueued: progress.enqueued + batch.length, lastKey: batch.at(-1)!.key };
    batch = [];
    onProgress?.(progress);
  };
  for await (const object of objects) {
    batch.push(object);
    if (batch.length === SQS_BATCH_SIZE) await flush();
  }
  await flush();
  return progress;
}
