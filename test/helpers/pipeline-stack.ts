import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { ImageRecord } from '@tagmill/core';
import { type Faults, startLocalStack } from '@tagmill/local-stack';
import { type BundleOptions, makeBundles, synthesize } from './assembly.ts';
import { unpacked } from './unpacked.ts';

/** The function that tags, by the name that the template gives it. */
const TAG_IMAGES = /TagImagesFunction[0-9A-F]{8}$/;

const client = { region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' } };

/** Bundles are the same in all of a test file. */
export interface PipelineOptions extends BundleOptions {
  /** As packages/cdk/src/options.ts describes them. */
  stack?: object;
  faults?: Faults;
  log?: (line: string) => void;
  functionLog?: (line: string) => void;
  /** Where the stack keeps its data; in memory and a scratch folder if absent. */
  dataDirectory?: string;
}

let bundles: string | undefined;

/** Bundles, synthesizes with these options, and starts it. */
export async function startPipeline({ stack = {}, models, afterBundling, ...options }: PipelineOptions = {}) {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'pipeline-'));
  bundles ??= makeBundles({ models, afterBundling });
  synthesize(scratch, stack, bundles);

  const local = await startLocalStack({ assemblyDirectory: scratch, ...options });
  const { endpoints, outputs } = local;
  const s3 = new S3Client({ ...client, endpoint: endpoints.s3, forcePathStyle: true });
  const sqs = new SQSClient({ ...client, endpoint: endpoints.sqs });
  const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient({ ...client, endpoint: endpoints.dynamodb }));
  const Bucket = outputs.UploadBucketName!;
  const tagImages = [...local.resources.keys()].find((id) => TAG_IMAGES.test(id))!;
  return {
    ...local,
    bucket: Bucket,
    put: (Key: string, Body: Uint8Array, Metadata: Record<string, string> = {}) =>
      s3.send(new PutObjectCommand({ Bucket, Key, Body, Metadata })),
    remove: (Key: string) => s3.send(new DeleteObjectCommand({ Bucket, Key })),
    record: async (key: string): Promise<ImageRecord | undefined> => {
      const response = await fetch(
        `${outputs.ApiUrl}images/${Bucket}/${key.split('/').map(encodeURIComponent).join('/')}`,
      );
      return response.status === 200 ? ((await response.json()) as ImageRecord) : undefined;
    },
    /** Every item of the table, unpacked. */
    items: async () => {
      const pages = await Array.fromAsync(paginateScan({ client: dynamodb }, { TableName: outputs.TableName! }));
      return pages.flatMap(({ Items }) => Items ?? []).map(unpacked) as Item[];
    },
    /** Messages in a queue: waiting, in flight and delayed. */
    messages: async (QueueUrl: string) => {
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
      const count = (name: '' | 'NotVisible' | 'Delayed') =>
        Number(Attributes?.[`ApproximateNumberOfMessages${name}`] ?? 0);
      return count('') + count('NotVisible') + count('Delayed');
    },
    /** The processes that tag now. */
    workers: () => local.processes(tagImages),
    close: async () => {
      await local.close();
      fs.rmSync(scratch, { recursive: true, force: true });
    },
  };
}

export type Pipeline = Awaited<ReturnType<typeof startPipeline>>;

/** An item of the table, as far as tests look at it. */
export interface Item {
  pk: string;
  sk: string;
  dead?: boolean;
  record?: ImageRecord;
  live?: string[];
}

/** Waits for what has to come about, and says what there was when it didn't. */
export async function eventually<Value>(
  get: () => Promise<Value> | Value,
  enough: (value: Value) => boolean,
  withinMs = 60_000,
): Promise<Value> {
  const end = Date.now() + withinMs;
  for (;;) {
    const value = await get();
    if (enough(value)) return value;
    if (Date.now() > end) throw new Error(`Not within ${withinMs} ms: ${JSON.stringify(value)?.slice(0, 500)}`);
    await delay(100);
  }
}
