import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type SqsOptions, startSqs } from '../../src/sqs/server.ts';

export const MINUTE_MS = 60_000;
export const DAY_MS = 24 * 60 * MINUTE_MS;

/** SQS, and AWS's client of it. */
export async function startEmulator(options: Omit<SqsOptions, 'port'> = {}) {
  const sqs = await startSqs({ port: 0, ...options });
  const client = new SQSClient({
    endpoint: sqs.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    maxAttempts: 1,
  });
  const attributes = async (QueueUrl: string) =>
    (await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes!;
  return {
    ...sqs,
    client,
    createQueue: async (QueueName: string, Attributes: Record<string, string> = {}) =>
      (await client.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl!,
    send: (QueueUrl: string, MessageBody: string, more: Partial<SendMessageCommandInput> = {}) =>
      client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more })),
    receive: async (QueueUrl: string, more: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> => {
      const input = { QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All' as const], ...more };
      return (await client.send(new ReceiveMessageCommand(input))).Messages ?? [];
    },
    attributes,
    /** Visible, in flight, delayed. */
    counts: async (url: string) => {
      const all = await attributes(url);
      return (['', 'NotVisible', 'Delayed'] as const).map((which) =>
        Number(all[`ApproximateNumberOfMessages${which}` as const]),
      );
    },
    close: async () => {
      client.destroy();
      await sqs.close();
    },
  };
}

export type Emulator = Awaited<ReturnType<typeof startEmulator>>;

/** A time that a test moves on. */
export function movableClock() {
  let ms = Date.UTC(2026, 0, 1);
  return {
    now: () => ms,
    advance: (byMs: number) => {
      ms += byMs;
    },
  };
}

export const bodies = (messages: readonly Message[]) => messages.map(({ Body }) => Body);
export const redrive = (name: string, maxReceiveCount: number | string = 2) => ({
  RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn(name), maxReceiveCount }),
});
export const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
