import { GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { startS3 } from '@tagmill/local-stack/s3';
import { startSqs } from '@tagmill/local-stack/sqs';

const ACCOUNT = '000000000000';
const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };

/** S3 and SQS, as the local stack has them. */
export interface TestAws {
  /** Their endpoints. */
  s3: string;
  sqs: string;
  createBucket(name: string): void;
  /** @returns its URL. */
  createQueue(name: string): string;
  /** Also of a queue that isn't there. */
  queueUrl(name: string): string;
  sendMessage(queue: string, body: string): void;
  /** @returns the bodies of the messages that can be received; they stay. */
  messages(queue: string): Promise<string[]>;
  close(): Promise<void>;
}

export async function startAws(): Promise<TestAws> {
  const [s3, sqs] = await Promise.all([startS3({ port: 0 }), startSqs({ port: 0 })]);
  const client = new SQSClient({ endpoint: sqs.endpoint, region: 'us-east-1', credentials });
  const queueUrl = (name: string) => `${sqs.endpoint}/${ACCOUNT}/${name}`;
  return {
    s3: s3.endpoint,
    sqs: sqs.endpoint,
    createBucket: (name) => s3.ensureBucket(name),
    createQueue: (name) => sqs.ensureQueue(name, {}),
    queueUrl,
    sendMessage: (queue, body) => sqs.sendMessage(`arn:aws:sqs:us-east-1:${ACCOUNT}:${queue}`, body),
    messages: async (queue) => {
      const QueueUrl = queueUrl(queue);
      const AttributeNames = ['ApproximateNumberOfMessages' as const];
      const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
      const count = Number(Attributes!.ApproximateNumberOfMessages);
      const bodies: string[] = [];
      // Each stays hidden until all were seen, then they come back.
      const VisibilityTimeout = 1;
      while (bodies.length < count) {
        const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout });
        const { Messages = [] } = await client.send(receive);
        bodies.push(...Messages.map(({ Body }) => Body!));
      }
      return bodies;
    },
    close: async () => {
      client.destroy();
      await Promise.all([s3.close(), sqs.close()]);
    },
  };
}
