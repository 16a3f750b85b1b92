import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
  SQSServiceException,
} from '@aws-sdk/client-sqs';
import { awsError } from '@tagmill/aws-errors';
import { TagmillError } from '@tagmill/core';

/** Messages in one call of SQS. */
export const SQS_BATCH_SIZE = 10;

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

/** A message that SQS takes from nobody, such as one that is too long. */
export interface RefusedMessage {
  body: string;
  /** As SQS has it. */
  reason: string;
}

interface Delay {
  DelaySeconds?: number;
}

export interface SendOptions {
  /** Until they can be received. */
  delaySeconds?: number;
  /** Hears of each message that was refused; the others are sent. Without it such a message is an error. */
  onRefused?: (refused: RefusedMessage) => void;
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
   * Sends at most {@link SQS_BATCH_SIZE} messages: together, and what SQS doesn't take together, one by one.
   *
   * @throws {TagmillError} `invalid-argument` if SQS refuses a message and nobody wants to hear of it.
   */
  async send(bodies: readonly string[], { delaySeconds = 0, onRefused = fail }: SendOptions = {}): Promise<void> {
    const delay = delaySeconds > 0 ? { DelaySeconds: delaySeconds } : {};
    const { refused, left } = await this.#sendTogether(bodies, delay);
    for (const body of left) {
      const reason = await this.#sendAlone(body, delay);
      if (reason !== undefined) refused.push({ body, reason });
    }
    refused.forEach(onRefused);
  }

  /** @returns what SQS refuses, and what is to be sent alone. */
  async #sendTogether(bodies: readonly string[], delay: Delay): Promise<{ refused: RefusedMessage[]; left: string[] }> {
    const [refused, left]: [RefusedMessage[], string[]] = [[], []];
    if (bodies.length === 0) return { refused, left };
    const entries = bodies.map((body, i) => ({ Id: String(i), MessageBody: body, ...delay }));
    const command = new SendMessageBatchCommand({ QueueUrl: this.#queueUrl, Entries: entries });
    try {
      const { Failed = [] } = await this.#client.send(command);
      for (const { Id, SenderFault, Code, Message } of Failed) {
        const body = bodies[Number(Id)]!;
        if (SenderFault) refused.push({ body, reason: `${Code}: ${Message ?? 'no more is said'}` });
        else left.push(body);
      }
      return { refused, left };
    } catch (cause) {
      if (isFaultOfMessage(cause)) return { refused, left: [...bodies] };
      throw wrap(cause);
    }
  }

  /** @returns why SQS refuses it; undefined if it doesn't. */
  async #sendAlone(body: string, delay: Delay): Promise<string | undefined> {
    try {
      await this.#client.send(new SendMessageCommand({ QueueUrl: this.#queueUrl, MessageBody: body, ...delay }));
      return undefined;
    } catch (cause) {
      if (isFaultOfMessage(cause)) return `${cause.name}: ${cause.message}`;
      throw wrap(cause);
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

/** What SQS has against a message, or against a batch because of one: the same queue takes others. */
const MESSAGE_FAULTS = new Set(['InvalidMessageContents', 'InvalidParameterValue', 'BatchRequestTooLong']);

function isFaultOfMessage(cause: unknown): cause is SQSServiceException {
  return cause instanceof SQSServiceException && MESSAGE_FAULTS.has(cause.name);
}

function fail({ body, reason }: RefusedMessage): never {
  throw new TagmillError('invalid-argument', `SQS refuses a message: ${reason}: ${body}`);
}

async function sqsCall<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    throw wrap(cause);
  }
}

function wrap(cause: unknown): TagmillError {
  // As many messages are in flight as may be. The SDK's classification, made for all services, doesn't know it.
  if (cause instanceof SQSServiceException && cause.name === 'OverLimit') {
    return new TagmillError('throttled', `SQS: ${cause.name}`, { cause, retryable: true });
  }
  return awsError(cause, { service: 'SQS' });
}
