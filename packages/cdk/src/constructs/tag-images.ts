import { LARGE_PAGES } from '@tagmill/core';
import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { policyKeys } from '../key-filter.ts';
import type { PipelineOptions } from '../options.ts';
import { acknowledgeWildcard } from './acknowledge.ts';
import type { ImageQueues } from './image-queues.ts';
import { metricsNamespace } from './metrics.ts';
import { NodeFunction, type NodeFunctionProps } from './node-function.ts';
import type { TagTable } from './tag-table.ts';

export interface TagImagesProps
  extends Pick<NodeFunctionProps, 'assetDirectory' | 'logRetention' | 'logRemovalPolicy'> {
  options: PipelineOptions;
  bucket: Pick<IBucket, 'bucketArn' | 'arnForObjects' | 'encryptionKey'>;
  queues: ImageQueues;
  table: TagTable;
}

/** Beside the function's code. */
const BUDGET_RULES_FILE = 'budget-rules.json';

/** The function that tags, fed by both queues. */
export class TagImages extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, { options, bucket, queues, table, ...props }: TagImagesProps) {
    super(scope, id);
    // Not in the environment, of which a function has 4 KB.
    const hasRules = options.budgetRules.length > 0;
    const { function: tagImages, role } = new NodeFunction(this, 'TagImages', {
      ...props,
      ...(hasRules && { files: { [BUDGET_RULES_FILE]: JSON.stringify(options.budgetRules) } }),
      description: 'Tags the images that the messages of a batch name',
      architecture: options.architecture,
      memoryMb: options.memoryMb,
      timeout: Duration.seconds(options.timeoutSeconds),
      environment: {
        TABLE_NAME: table.table.tableName,
        QUEUE_URL: queues.live.queueUrl,
        BACKFILL_QUEUE_URL: queues.backfill.queueUrl,
        MODELS_DIRECTORY: 'models',
        ...(options.variant ? { VARIANT: options.variant } : { FAMILY: options.family }),
        ...(hasRules && { BUDGET_RULES_FILE }),
        QUEUE_TARGET_AGE_SECONDS: String(options.queueTargetAgeSeconds),
        LATENCY_BUDGET_MS: String(options.latencyBudgetMs),
        TOP_N: String(options.topN),
        MIN_CONFIDENCE: String(options.minConfidence),
        MAX_BYTES: String(options.maxBytes),
        MAX_PIXELS: String(options.maxPixels),
        MAX_RECEIVE_COUNT: String(options.maxReceiveCount),
        POWERTOOLS_SERVICE_NAME: 'tag-images',
        POWERTOOLS_METRICS_NAMESPACE: metricsNamespace(this),
        // Else ONNX Runtime reports each session to its maker (microsoft/onnxruntime #27379).
        ORT_DISABLE_TELEMETRY: '1',
        ...LARGE_PAGES,
      },
    });

    this.function = tagImages;

    const objects = bucket.arnForObjects(policyKeys(options.prefix));
    role.addToPolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: [objects] }));
    // Without it a missing key answers 403, not 404, and what was removed looks like a fault.
    role.addToPolicy(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }));
    role.addToPolicy(table.readWrite());
    if (bucket.encryptionKey) {
      role.addToPolicy(new PolicyStatement({ actions: ['kms:Decrypt'], resources: [bucket.encryptionKey.keyArn] }));
    }
    acknowledgeWildcard(role, objects, "All objects below the prefix: which they are is the uploaders' business.");

    const subscribe = (queue: Queue, maxConcurrency: number) =>
      tagImages.addEventSource(
        new SqsEventSource(queue, {
          batchSize: options.batchSize,
          maxBatchingWindow: Duration.seconds(options.batchWindowSeconds),
          maxConcurrency,
          reportBatchItemFailures: true,
        }),
      );
    subscribe(queues.live, options.maxConcurrency);
    subscribe(queues.backfill, options.backfillMaxConcurrency);
  }
}
