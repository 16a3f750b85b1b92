import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { type Bucket, CfnBucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { Alarms } from './constructs/alarms.ts';
import { notifyQueue } from './constructs/bucket-events.ts';
import { OperationsDashboard } from './constructs/dashboard.ts';
import { EnqueueBackfill } from './constructs/enqueue-backfill.ts';
import { ExistingBucketEvents } from './constructs/existing-bucket-events.ts';
import { ImageQueues } from './constructs/image-queues.ts';
import { imageMetric } from './constructs/metrics.ts';
import { QueryTags } from './constructs/query-tags.ts';
import { Reconcile } from './constructs/reconcile.ts';
import { TagImages } from './constructs/tag-images.ts';
import { TagTable } from './constructs/tag-table.ts';
import { UploadBucket } from './constructs/upload-bucket.ts';
import { assertEnvironmentsFit } from './environment-size.ts';
import { type FunctionFolders, installedFunctions } from './function-folders.ts';
import { type PipelineOptions, parsePipelineOptions } from './options.ts';
import { namePipeline } from './pipeline-name.ts';
import type { PipelineProps } from './pipeline-props.ts';

export interface TaggingPipelineProps extends PipelineProps {
  /**
   * The bucket whose images are tagged; a new one if absent. One of this stack tells the queue itself. Of another stack or app, it must
   * send its events to EventBridge.
   */
  bucket?: Bucket | IBucket | undefined;
  /** Told of the alarms. */
  alarmTopic?: ITopic | undefined;
  /** What alarms, state machines and metrics are called by. Default: made of the construct's path. */
  name?: string | undefined;
  /** Folders of the functions' bundles. Default: the package `@tagmill/lambda-x64` or `@tagmill/lambda-arm64`. */
  functions?: FunctionFolders | undefined;
}

/** The queues of a pipeline. */
export interface PipelineQueues {
  /** New images. */
  live: Queue;
  /** Images that were there before. */
  backfill: Queue;
  /** What every try failed on. */
  deadLetters: Queue;
}

/**
 * S3 -> SQS -> Lambda -> DynamoDB, and an API to ask: tags the images of a bucket.
 *
 * @throws {TagmillError} `invalid-settings` naming each property that is unknown or malformed; `not-found` if the functions' package
 * isn't installed.
 *
 * @example
 * const photos = new Bucket(this, 'Photos');
 * const tags = new TaggingPipeline(this, 'Tags', { bucket: photos, latencyBudgetMs: 300 });
 * tags.grantQuery(api);
 */
export class TaggingPipeline extends Construct {
  readonly bucket: IBucket;
  readonly queues: PipelineQueues;
  readonly table: Table;
  /** Tags what the queues' messages name. */
  readonly tagImages: LambdaFunction;
  /** Answers at {@link TaggingPipeline.apiUrl}. */
  readonly queryTags: LambdaFunction;
  readonly alarms: readonly Alarm[];
  /** Of the HTTP API, which takes requests that are signed by AWS's Signature Version 4. */
  readonly apiUrl: string;
  readonly #outputs: Readonly<Record<string, string>>;
  readonly #queries: QueryTags;

  constructor(scope: Construct, id: string, props: TaggingPipelineProps = {}) {
    super(scope, id);
    const { bucket, alarmTopic, name, functions, ...given } = props;
    namePipeline(this, name);
    const options = parsePipelineOptions(given);
    const folders = functions ?? installedFunctions(options);
    // What a first deployment made goes when that is rolled back: else it would be in the next one's way.
    const removalPolicy =
      options.removalPolicy === 'destroy' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;

    const queues = new ImageQueues(this, 'Queues', {
      visibilityTimeout: Duration.seconds(options.visibilityTimeoutSeconds),
      maxReceiveCount: options.maxReceiveCount,
    });
    const table = new TagTable(this, 'Tags', { name: options.tableName, removalPolicy });
    this.bucket = bucket
      ? this.#listenTo(bucket as IBucket, options, queues)
      : this.#makeBucket(options, queues, removalPolicy);
    const common = {
      options,
      bucket: this.bucket,
      queues,
      table,
      // Logs are kept as long as the retention says, and not beyond the stack.
      logRetention: options.logRetentionDays,
      logRemovalPolicy: RemovalPolicy.DESTROY,
    };
    const tagging = new TagImages(this, 'Tagging', { ...common, assetDirectory: folders.tagImages });
    this.#queries = new QueryTags(this, 'Queries', { ...common, assetDirectory: folders.queryTags });
    const reconcile = new Reconcile(this, 'Reconciling', { ...common, assetDirectory: folders.reconcile });
    const backlog = new EnqueueBackfill(this, 'Backlog', {
      ...common,
      assetDirectory: folders.enqueueBackfill,
      removalPolicy,
    });
    this.queues = queues;
    this.table = table.table;
    this.tagImages = tagging.function;
    this.queryTags = this.#queries.function;
    this.apiUrl = this.#queries.url;
    const parts = {
      queues,
      table: this.table,
      tagImages: this.tagImages,
      queryTags: this.queryTags,
      comparison: reconcile.workflow,
    };
    const { alarms } = new Alarms(this, 'Alarms', { ...parts, options, topic: alarmTopic });
    this.alarms = alarms;
    new OperationsDashboard(this, 'Operations', { ...parts, alarms });
    this.#outputs = {
      UploadBucketName: this.bucket.bucketName,
      QueueUrl: queues.live.queueUrl,
      BackfillQueueUrl: queues.backfill.queueUrl,
      DeadLetterQueueUrl: queues.deadLetters.queueUrl,
      TableName: this.table.tableName,
      ApiUrl: this.apiUrl,
      ReconcileFunctionName: reconcile.function.functionName,
      ReconcileWorkflowArn: reconcile.workflow.arn,
      EnqueueBacklogFunctionName: backlog.function.functionName,
      BackfillWorkflowArn: backlog.workflow.arn,
      ...(options.inventoryBucketName && { InventoryBucketName: options.inventoryBucketName }),
    };
    assertEnvironmentsFit(this);
  }

  /** Lets someone ask the API, and correct tags by it. */
  grantQuery(grantee: IGrantable): Grant {
    return this.#queries.grantInvoke(grantee);
  }

  /**
   * A sum that the tagging function measures, a period of five minutes: docs/reference/metrics.md lists them.
   *
   * @param name such as `taggedImages`.
   */
  metric(name: string): Metric {
    return imageMetric(this, name);
  }

  /** Adds the outputs by which `tagmill … --stack NAME` finds the parts. A stack has one pipeline that does so. */
  addOutputs(): void {
    for (const [name, value] of Object.entries(this.#outputs)) new CfnOutput(Stack.of(this), name, { value });
  }

  #makeBucket(
    { uploadBucketName: name, prefix, suffix }: PipelineOptions,
    queues: ImageQueues,
    removalPolicy: RemovalPolicy,
  ): IBucket {
    return new UploadBucket(this, 'Uploads', { queues, name, prefix, suffix, removalPolicy }).bucket as IBucket;
  }

  #listenTo(bucket: IBucket, { prefix, suffix }: PipelineOptions, queues: ImageQueues): IBucket {
    const isOfThisStack = bucket.node.defaultChild instanceof CfnBucket && Stack.of(bucket) === Stack.of(this);
    if (isOfThisStack) notifyQueue(bucket, { queues, prefix, suffix });
    else {
      const { bucketName } = bucket;
      new ExistingBucketEvents(this, 'UploadEvents', { bucketName, prefix, suffix, queue: queues.live });
    }
    return bucket;
  }
}
