import { parseMessage, type RefusedMessage, type SqsQueue } from '@tagmill/pipeline';
import type { ObjectName } from '@tagmill/tag-store';

export interface RedriveOptions {
  deadLetters: Pick<SqsQueue, 'receive' | 'delete' | 'changeVisibility'>;
  queue: Pick<SqsQueue, 'send'>;
  /** Only messages about this image; all if absent. */
  image?: ObjectName;
  onProgress?: (progress: RedriveProgress) => void;
}

export interface RedriveProgress {
  moved: number;
  /** Looked at, and left where they are. */
  left: number;
  /** Of those that are left, what SQS refuses to take from anyone. */
  refused?: RefusedMessage[];
}

/** Long enough to see each message once; those that stay are given back at the end. */
const VISIBILITY_SECONDS = 120;

/**
 * Moves dead-lettered messages back to their queue: each is sent first and deleted then, so that a crash between the two
 * delivers it twice, which does no harm. Not StartMessageMoveTask: it moves a whole queue, never one image's messages, and never names one
 * that SQS refuses.
 *
 * @throws {TagmillError} of the queues; what was moved by then stays moved.
 */
export async function redrive({ deadLetters, queue, image, onProgress }: RedriveOptions): Promise<RedriveProgress> {
  let moved = 0;
  const left = new Map<string, string>();
  const refused: RefusedMessage[] = [];
  try {
    while (true) {
      const messages = await deadLetters.receive({ waitSeconds: 1, visibilitySeconds: VISIBILITY_SECONDS });
      const fresh = messages.filter(({ messageId }) => !left.has(messageId));
      if (fresh.length === 0) break;
      const matching = fresh.filter(({ body }) => !image || isAbout(image, body));
      const bodies = matching.map(({ body }) => body);
      await queue.send(bodies, { onRefused: (message) => void refused.push(message) });
      const sent = matching.filter(({ body }) => !refused.some((message) => message.body === body));
      await Promise.all(sent.map(({ receiptHandle }) => deadLetters.delete(receiptHandle)));
      moved += sent.length;
      for (const message of fresh) if (!sent.includes(message)) left.set(message.messageId, message.receiptHandle);
      onProgress?.({ moved, left: left.size });
    }
  } finally {
    await Promise.allSettled([...left.values()].map((handle) => deadLetters.changeVisibility(handle, 0)));
  }
  return { moved, left: left.size, ...(refused.length > 0 && { refused }) };
}

function isAbout({ bucket, key }: ObjectName, body: string): boolean {
  return parseMessage(body).events.some((event) => event.bucket === bucket && event.key === key);
}
