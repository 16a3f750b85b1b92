import type { ObjectName } from '@tagmill/tag-store';
import { formatAsciiJson } from './ascii-json.ts';
import type { ListedObject } from './s3-object-store.ts';
import { type RefusedMessage, SQS_BATCH_SIZE, type SqsQueue } from './sqs-queue.ts';

/**
 * Messages that may wait in the queue of backfills. It keeps them for seven days, and two batches at once take hours for so
 * many: whoever fills it faster than it drains would lose what he enqueued.
 */
export const MAX_WAITING_MESSAGES = 100_000;

/** Messages that may be sent before it is asked again how many wait. */
const SENDS_BETWEEN_CHECKS = 1000;

/** An object to look at, as a listing showed it, or by its name alone. */
export type ObjectToLookAt = ObjectName & Partial<Pick<ListedObject, 'etag' | 'lastModified'>>;

export interface BackfillQueueOptions {
  queue: Pick<SqsQueue, 'send' | 'depth'>;
  maxWaiting?: number;
}

/** The queue of backfills, to be filled no faster than it drains. */
export class BackfillQueue {
  readonly #queue: BackfillQueueOptions['queue'];
  readonly #maxWaiting: number;
  #unchecked = Number.POSITIVE_INFINITY;

  constructor({ queue, maxWaiting = MAX_WAITING_MESSAGES }: BackfillQueueOptions) {
    this.#queue = queue;
    this.#maxWaiting = maxWaiting;
  }

  /** Whether so few messages wait that more may be sent; asked of SQS only now and then. */
  async hasRoom(): Promise<boolean> {
    if (this.#unchecked < SENDS_BETWEEN_CHECKS) return true;
    const { waiting } = await this.#queue.depth();
    if (waiting >= this.#maxWaiting) return false;
    this.#unchecked = 0;
    return true;
  }

  /**
   * Enqueues objects to be looked at.
   *
   * @returns messages that SQS refused.
   * @throws {TagmillError} of the queue; some may be enqueued by then, which does no harm.
   */
  async enqueue(objects: readonly ObjectToLookAt[]): Promise<RefusedMessage[]> {
    const refused: RefusedMessage[] = [];
    const onRefused = (message: RefusedMessage) => void refused.push(message);
    for (let i = 0; i < objects.length; i += SQS_BATCH_SIZE) {
      await this.#queue.send(objects.slice(i, i + SQS_BATCH_SIZE).map(formatBackfillMessage), { onRefused });
    }
    this.#unchecked += objects.length;
    return refused;
  }
}

/** The message that `parseMessage` reads back. */
export function formatBackfillMessage({ bucket, key, etag, lastModified }: ObjectToLookAt): string {
  return formatAsciiJson({ source: 'tagmill.backfill', bucket, key, etag, lastModified: lastModified?.toISOString() });
}
