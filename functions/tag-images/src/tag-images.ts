import path from 'node:path';
import type { Logger } from '@aws-lambda-powertools/logger';
import type { Metrics } from '@aws-lambda-powertools/metrics';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { TagmillError } from '@tagmill/core';
import { processBatch, type QueueMessage, S3ObjectStore, SqsQueue, StoredRulesInForce } from '@tagmill/pipeline';
import {
  BudgetTagger,
  DeadlineEstimator,
  describeMachine,
  LatencyTracker,
  loadLatencyModel,
  MAX_IN_FLIGHT,
  systemClock,
} from '@tagmill/policy';
import { documentClient, RulesStore, TagStore } from '@tagmill/tag-store';
import { Tagger } from '@tagmill/tagger';
import { loadSpace } from '@tagmill/teach/space';
import { loadCatalogue } from '@tagmill/variants';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { readBudgetRules } from './budget-rules.ts';
import { logReport, measureReport } from './observe.ts';
import type { Settings } from './settings.ts';

/** Of the writes to DynamoDB, until they were measured. */
const FIRST_STORE_MS = 20;

/** The first image of a process waits for connections and for code to warm up. */
const FIRST_ESTIMATE_MS = 5000;

/** Left of a batch's time while further variants are loaded. */
const LEAST_LOADING_MS = 5000;

/** A call that hangs must leave time for a second one. Without `throwOnRequestTimeout` the SDK only warns of it. */
const CLIENT: Pick<S3ClientConfig, 'maxAttempts' | 'requestHandler'> = {
  maxAttempts: 3,
  requestHandler: {
    connectionTimeout: 2000,
    requestTimeout: 10_000,
    socketTimeout: 10_000,
    throwOnRequestTimeout: true,
  },
};

export interface TagImages {
  handler: (event: SQSEvent, context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<SQSBatchResponse>;
  close(): Promise<void>;
}

/**
 * Loads what the first image needs and connects the pipeline to S3, SQS and DynamoDB. The other variants that can be chosen are loaded
 * when the first batch is done.
 *
 * Powertools' batch processor isn't used: it handles records one by one, and here the unit is an image, which several
 * records may name, and a record several images.
 *
 * @throws {TagmillError} if the variant or family is unknown, or the first model can't be loaded.
 */
export async function createTagImages(
  settings: Settings,
  { logger, metrics }: { logger: Logger; metrics: Metrics },
): Promise<TagImages> {
  const directories = [path.resolve(settings.LAMBDA_TASK_ROOT, settings.MODELS_DIRECTORY)];
  const catalogue = await loadCatalogue({ directories });
  const model = await loadLatencyModel(directories, describeMachine(settings.AWS_LAMBDA_FUNCTION_MEMORY_SIZE));
  const variants = settings.VARIANT ? [catalogue.find(settings.VARIANT)] : catalogue.family(settings.FAMILY!);
  const { family } = variants[0]!;
  const space = await loadSpace(family, path.join(directories[0]!, `embeddings/${family}.safetensors`));
  const homeless = space ? variants.filter((each) => !space.holds(each)).map(({ variant }) => variant) : [];
  if (homeless.length > 0)
    logger.warn('embeddings were made of other weights: there are none with these', { homeless });
  const tagger = new Tagger({
    onnx: (each) => catalogue.onnx(each),
    labels: (each) => catalogue.labels(each),
    thresholds: (each) => catalogue.thresholds(each),
    topN: settings.TOP_N,
    minConfidence: settings.MIN_CONFIDENCE,
    limits: { maxBytes: settings.MAX_BYTES, maxPixels: settings.MAX_PIXELS },
    fingerprints: { embedder: space },
  });
  const choosing = {
    tagger,
    variants,
    tracker: new LatencyTracker(model, { now: () => performance.now() }),
    maxInFlight: MAX_IN_FLIGHT,
    firstStoreMs: FIRST_STORE_MS,
    clock: systemClock,
  };
  const liveTagger = new BudgetTagger({ ...choosing, targetAgeMs: settings.QUEUE_TARGET_AGE_SECONDS * 1000 });
  // However old the messages of a backfill are, nobody waits for them: they are no backlog.
  const backfillTagger = new BudgetTagger({ ...choosing, targetAgeMs: Number.POSITIVE_INFINITY });
  const defaultMs = settings.LATENCY_BUDGET_MS === 'none' ? undefined : settings.LATENCY_BUDGET_MS;
  await liveTagger.preloadFor({ latencyMs: defaultMs });

  const s3 = new S3Client(CLIENT);
  // By the client's own endpoint: the host in a queue's URL need not resolve where the stack runs offline.
  const sqs = new SQSClient({ ...CLIENT, useQueueUrlAsEndpoint: false });
  const dynamo = documentClient(CLIENT);
  const queueOf = queuesByArn(sqs, [settings.QUEUE_URL, settings.BACKFILL_QUEUE_URL]);
  const table = { client: dynamo, tableName: settings.TABLE_NAME };
  const rules = new StoredRulesInForce({ store: new RulesStore(table) });
  const options = {
    store: new TagStore(table),
    rules,
    objects: new S3ObjectStore({ client: s3 }),
    budgets: { rules: readBudgetRules(settings), defaultMs },
    maxBytes: settings.MAX_BYTES,
    clock: systemClock,
    maxReceiveCount: settings.MAX_RECEIVE_COUNT,
    deadlineEstimator: new DeadlineEstimator({ firstEstimateMs: FIRST_ESTIMATE_MS }),
    returnMessage: async ({ queueArn, receiptHandle }: QueueMessage, delaySeconds: number) =>
      queueOf(queueArn).changeVisibility(receiptHandle, delaySeconds),
    random: Math.random,
  };

  return {
    handler: async ({ Records }, context) => {
      await rules.refresh();
      const remainingMs = () => context.getRemainingTimeInMillis();
      const isBackfill = Records.every(({ eventSourceARN }) => isNamed(eventSourceARN, settings.BACKFILL_QUEUE_URL));
      const tagger = isBackfill ? backfillTagger : liveTagger;
      const report = await processBatch(Records.map(queueMessage), { ...options, tagger, remainingMs });
      logReport(report, logger);
      measureReport(report, metrics);
      // Only now, when no image waits for it. What can't be loaded is no reason to do the batch again.
      const goesOn = () => remainingMs() > LEAST_LOADING_MS;
      await liveTagger.preload({ goesOn }).catch((error) => logger.error('variant cannot be loaded', { error }));
      return { batchItemFailures: report.returnedMessageIds.map((itemIdentifier) => ({ itemIdentifier })) };
    },
    async close() {
      for (const client of [s3, sqs, dynamo]) client.destroy();
      await tagger.close();
    },
  };
}

function queueMessage({ messageId, receiptHandle, body, eventSourceARN, attributes }: SQSRecord): QueueMessage {
  return {
    messageId,
    receiptHandle,
    body,
    queueArn: eventSourceARN,
    sentAt: new Date(Number(attributes.SentTimestamp)),
    receiveCount: Number(attributes.ApproximateReceiveCount),
  };
}

function queuesByArn(client: SQSClient, urls: readonly string[]): (arn: string) => SqsQueue {
  return (arn) => {
    const queueUrl = urls.find((url) => isNamed(arn, url));
    if (queueUrl) return new SqsQueue({ client, queueUrl });
    throw new TagmillError('invalid-settings', `${arn} is none of the queues ${urls.join(', ')}`);
  };
}

/** A message names its queue by ARN, SQS wants the URL: both end in the queue's name. */
function isNamed(queueArn: string, queueUrl: string): boolean {
  return queueArn.split(':').at(-1) === queueUrl.split('/').at(-1);
}
