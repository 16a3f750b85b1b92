import { setTimeout as delay } from 'node:timers/promises';
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { REGION } from './constants.ts';
import type { FunctionPool } from './function-pool.ts';

export interface EventSourceMappingOptions {
  sqs: SQSClient;
  queueUrl: string;
  queueArn: string;
  pool: FunctionPool;
  /** Batches in flight. */
  concurrency: number;
  batchSize: number;
  batchWindowMs: number;
  /** Whether the function names the messages that failed; else a batch succeeds or fails whole. */
  reportBatchItemFailures: boolean;
  log: (line: string) => void;
}

/** The most that SQS hands out at once, and the longest that it waits. */
const MAX_MESSAGES = 10;
const MAX_WAIT_SECONDS = 20;
/** Before a queue that can't be read is asked again. */
const RETRY_MS = 1000;

const answerSchema = z
  .object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish() })
  .nullish();

/**
 * Feeds a queue's messages to a function, as Lambda does: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html.
 * Messages that succeeded are deleted; the others stay invisible until their timeout passes, then come again.
 */
export class EventSourceMapping {
  readonly #options: EventSourceMappingOptions;
  readonly #stopping = new AbortController();
  readonly #pollers: Promise<void>[];

  constructor(options: EventSourceMappingOptions) {
    this.#options = options;
    this.#pollers = Array.from({ length: options.concurrency }, () => this.#poll());
  }

  /** Takes no more messages; those in flight come again another time. */
  async close(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#pollers);
  }

  async #poll(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        const batch = await this.#collect();
        if (batch.length > 0) await this.#deliver(batch);
      } catch (error) {
        if (signal.aborted) return;
        this.#options.log(`${this.#options.queueArn}: ${messageOf(error)}`);
        await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** The first messages to come, and what else comes until the batch is full or its window has passed. */
  async #collect(): Promise<Message[]> {
    const { batchSize, batchWindowMs } = this.#options;
    const batch = await this.#receive(batchSize, MAX_WAIT_SECONDS);
    const end = Date.now() + batchWindowMs;
    while (batch.length > 0 && batch.length < batchSize) {
      const remainingMs = end - Date.now();
      const more = await this.#receive(batchSize - batch.length, Math.max(0, Math.ceil(remainingMs / 1000)));
      batch.push(...more);
      if (more.length === 0 && remainingMs <= 0) break;
    }
    return batch;
  }

  async #receive(count: number, waitSeconds: number): Promise<Message[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: this.#options.queueUrl,
      MaxNumberOfMessages: Math.min(count, MAX_MESSAGES),
      WaitTimeSeconds: Math.min(waitSeconds, MAX_WAIT_SECONDS),
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    const { Messages = [] } = await this.#options.sqs.send(command, { abortSignal: this.#stopping.signal });
    return Messages;
  }

  async #deliver(batch: readonly Message[]): Promise<void> {
    const { pool, queueArn, log } = this.#options;
    let answer: unknown;
    try {
      answer = await pool.invoke({ Records: batch.map((message) => recordOf(message, queueArn)) });
    } catch (error) {
      if (!this.#stopping.signal.aborted) log(`A batch of ${batch.length} comes again: ${messageOf(error)}`);
      return;
    }
    await this.#delete(this.#succeeded(batch, answer));
  }

  /** Those that the answer doesn't name; none if the answer isn't one, or names a message that was not in the batch. */
  #succeeded(batch: readonly Message[], answer: unknown): Message[] {
    if (!this.#options.reportBatchItemFailures) return [...batch];
    const parsed = answerSchema.safeParse(answer);
    const failed = parsed.data?.batchItemFailures?.map(({ itemIdentifier }) => itemIdentifier) ?? [];
    const known = new Set(batch.map(({ MessageId }) => MessageId));
    if (!parsed.success || failed.some((id) => !known.has(id))) {
      this.#options.log(`A batch of ${batch.length} comes again: not a batch response: ${JSON.stringify(answer)}`);
      return [];
    }
    return batch.filter(({ MessageId }) => !failed.includes(MessageId!));
  }

  async #delete(messages: readonly Message[]): Promise<void> {
    const { sqs, queueUrl } = this.#options;
    for (let i = 0; i < messages.length; i += MAX_MESSAGES) {
      const Entries = messages
        .slice(i, i + MAX_MESSAGES)
        .map(({ MessageId, ReceiptHandle }) => ({ Id: MessageId!, ReceiptHandle: ReceiptHandle! }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    }
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#sqs-event */
function recordOf(message: Message, queueArn: string): object {
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: message.MessageAttributes ?? {},
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: REGION,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
