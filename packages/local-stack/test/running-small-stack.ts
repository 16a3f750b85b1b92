import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type LocalStack, type LocalStackOptions, startLocalStack } from '../src/index.ts';
import { type SmallStackOptions, smallStack, writeAssembly } from './assemblies.ts';

const client = { region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' } };
export const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'local-stack-'));
let count = 0;
let stack: LocalStack | undefined;

/** For `afterEach`. */
export async function closeSmallStack(): Promise<void> {
  await stack?.close();
  stack = undefined;
}

type Given = Omit<SmallStackOptions, 'journal'> & Pick<LocalStackOptions, 'dataDirectory' | 'log'>;

/** Starts the small stack, with AWS's clients of it. */
export async function startSmallStack({ dataDirectory, log, ...options }: Given = {}) {
  const journal = path.join(scratch, `journal-${count++}`);
  fs.writeFileSync(journal, '');
  const assemblyDirectory = await writeAssembly(smallStack({ journal, ...options }));
  const started = await startLocalStack({
    assemblyDirectory,
    ...(dataDirectory ? { dataDirectory } : {}),
    ...(log ? { log } : {}),
  });
  stack = started;
  const { endpoints, outputs } = started;
  const s3 = new S3Client({ ...client, endpoint: endpoints.s3, forcePathStyle: true });
  const sqs = new SQSClient({ ...client, endpoint: endpoints.sqs });
  const Bucket = outputs.BucketName!;
  return {
    ...started,
    assemblyDirectory,
    s3,
    sqs,
    Bucket,
    dynamodb: new DynamoDBClient({ ...client, endpoint: endpoints.dynamodb }),
    put: (Key: string) => s3.send(new PutObjectCommand({ Bucket, Key, Body: 'content' })),
    get: (Key: string) => s3.send(new GetObjectCommand({ Bucket, Key })),
    remove: (Key: string) => s3.send(new DeleteObjectCommand({ Bucket, Key })),
    send: (MessageBody: string) => sqs.send(new SendMessageCommand({ QueueUrl: outputs.QueueUrl!, MessageBody })),
    waiting: async (QueueUrl: string) => {
      const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
      );
      return AttributeNames.map((name) => Number(Attributes?.[name])).reduce((a, b) => a + b);
    },
    /** What the recorder saw, once it is enough. */
    seen: (enough: (lines: Line[]) => boolean) => until(() => read(journal), enough),
  };
}

/** What the recording function saw: an invocation, or a message of it. */
export interface Line {
  pid: number;
  batch?: number;
  remainingMs?: number;
  body?: string;
  receiveCount?: number;
}

function read(journal: string): Line[] {
  return fs
    .readFileSync(journal, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** Asks until it is enough, for 20 s at most. */
export async function until<Value>(
  get: () => Value | Promise<Value>,
  enough: (value: Value) => boolean,
): Promise<Value> {
  const end = Date.now() + 20_000;
  for (;;) {
    const value = await get();
    if (enough(value)) return value;
    if (Date.now() > end) throw new Error(`Not within 20 s: ${JSON.stringify(value).slice(-1000)}`);
    await delay(20);
  }
}

export const bodies = (lines: Line[]) => lines.flatMap(({ body }) => (body === undefined ? [] : [body]));
export const times = (lines: Line[], wanted: string) => bodies(lines).filter((body) => body === wanted).length;
export const events = (lines: Line[]) =>
  bodies(lines)
    .flatMap((body) => JSON.parse(body).Records ?? [])
    .map(({ eventName, s3 }) => ({ eventName, ...s3.object, bucket: s3.bucket.name }));
