import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
  SQSServiceException,
} from '@aws-sdk/client-sqs';
import { TagmillError } from '@tagmill/core';

/** Messages in one call of SQS. */
export const SQS_BATCH_SIZE = 10;

const MAX_SEND_ATTEMPTS = 5;

export interface SqsQueueOptions {
  client: SQSClient;
  queueUrl: string;
}

export interface ReceivedMessage {
  messageId: string;
  receiptHandle: string;
  body: string;
}

/** Messages in a queue; SQS counts approximately. */
export interface QueueDepth {
  waiting: number;
  /** Received, and neither deleted nor given back yet. */
  inFlight: number;
}

/** One SQS queue. Every method throws {@link TagmillError} `throttled`, `unavailable` or `internal`. */
export class SqsQueue {
  readonly #client: SQSClient;
  readonly #queueUrl: string;

  constructor({ client, queueUrl }: SqsQueueOptions) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  /**
   * Sends at most {@link SQS_BATCH_SIZE} messages; those that SQS doesn't take are sent again.
   *
   * @param options.delaySeconds until they can be received.
   */
  async send(bodies: readonly string[], { delaySeconds = 0 } = {}): Promise<void> {
    const delay = delaySeconds > 0 ? { DelaySeconds: delaySeconds } : {};
    let entries = bodies.map((body, i) => ({ Id: String(i), MessageBody: body, ...delay }));
    for (let attempt = 1; entries.length > 0; attempt++) {
      if (attempt > MAX_SEND_ATTEMPTS) {
        throw new TagmillError('unavailable', `SQS did not take ${entries.length} messages`, { retryable: true });
      }
      const command = new SendMessageBatchCommand({ QueueUrl: this.#queueUrl, Entries: entries });
      const { Failed = [] } = await sqsCall(() => this.#client.send(command));
      const failed = new Set(Failed.map(({ Id }) => Id));
      entries = entries.filter(({ Id }) => failed.has(Id));
    }
  }

  /** Receives up to ten messages, waiting for the first as long as that; an empty array if there is none. */
  async receive(options: { waitSeconds: number; visibilitySeconds: number }): Promise<ReceivedMessage[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: this.#queueUrl,
      MaxNumberOfMessages: SQS_BATCH_SIZE,
      WaitTimeSeconds: options.waitSeconds,
      VisibilityTimeout: options.visibilitySeconds,
    });
    const { Messages = [] } = await sqsCall(() => this.#client.send(command));
    return Messages.map(({ MessageId, ReceiptHandle, Body }: Message) => ({
      messageId: MessageId!,
      receiptHandle: ReceiptHandle!,
      body: Body!,
    }));
  }

  /** Counts the messages; those that are delayed, which are there in case, aren't counted. */
  async depth(): Promise<QueueDepth> {
    const command = new GetQueueAttributesCommand({
      QueueUrl: this.#queueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    });
    const { Attributes } = await sqsCall(() => this.#client.send(command));
    const count = (which: '' | 'NotVisible') => Number(Attributes?.[`ApproximateNumberOfMessages${which}`] ?? 0);
    return { waiting: count(''), inFlight: count('NotVisible') };
  }

  /** Makes a received message visible again in that many seconds. */
  async changeVisibility(receiptHandle: string, seconds: number): Promise<void> {
    const command = new ChangeMessageVisibilityCommand({
      QueueUrl: this.#queueUrl,
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: seconds,
    });
    await sqsCall(() => this.#client.send(command));
  }

  /** Deletes a received message. */
  async delete(receiptHandle: string): Promise<void> {
    const command = new DeleteMessageCommand({ QueueUrl: this.#queueUrl, ReceiptHandle: receiptHandle });
    await sqsCall(() => this.#client.send(command));
  }
}

const THROTTLES = new Set(['RequestThrottled', 'ThrottlingException', 'OverLimit']);

async function sqsCall<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    if (!(cause instanceof SQSServiceException)) {
      throw new TagmillError('unavailable', 'SQS cannot be reached', { cause, retryable: true });
    }
    if (THROTTLES.has(cause.name)) {
      throw new TagmillError('throttled', `SQS: ${cause.name}`, { cause, retryable: true });
    }
    if (cause.$fault === 'server') {
      throw new TagmillError('unavailable', `SQS: ${cause.name}`, { cause, retryable: true });
    }
    throw new TagmillError('internal', `SQS: ${cause.name}`, { cause });
  }
}
