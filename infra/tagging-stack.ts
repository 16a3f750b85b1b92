import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { Alarms } from './constructs/alarms.ts';
import { OperationsDashboard } from './constructs/dashboard.ts';
import { EnqueueBackfill } from './constructs/enqueue-backfill.ts';
import { ExistingBucketEvents } from './constructs/existing-bucket-events.ts';
import { ImageQueues } from './constructs/image-queues.ts';
import { QueryTags } from './constructs/query-tags.ts';
import { Reconcile } from './constructs/reconcile.ts';
import { TagImages } from './constructs/tag-images.ts';
import { TagTable } from './constructs/tag-table.ts';
import { UploadBucket } from './constructs/upload-bucket.ts';
import { assertEnvironmentsFit } from './environment-size.ts';
import type { StackOptions } from './options.ts';

export interface TaggingStackProps extends StackProps {
  options: StackOptions;
  /** The functions' bundles, by name. */
  assets: { tagImages: string; queryTags: string; reconcile: string; enqueueBackfill: string };
}

/** By which `tagmill destroy` knows a stack of this project's. */
const DESCRIPTION = 'tagmill: tags the images that are dropped into a bucket';

/** S3 -> SQS -> Lambda -> DynamoDB, and an API to ask. */
export class TaggingStack extends Stack {
  constructor(scope: Construct, { options, assets, ...props }: TaggingStackProps) {
    super(scope, options.stackName, { description: DESCRIPTION, ...props });
    // What a first deployment made goes when that is rolled back: else it would be in the next one's way.
    const removalPolicy =
      options.removalPolicy === 'destroy' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
    // Logs are kept as long as the retention says, and not beyond the stack.
    const logs = { logRetention: options.logRetentionDays, logRemovalPolicy: RemovalPolicy.DESTROY };

    const queues = new ImageQueues(this, 'Queues', {
      visibilityTimeout: Duration.seconds(options.visibilityTimeoutSeconds),
      maxReceiveCount: options.maxReceiveCount,
    });
    const table = new TagTable(this, 'Tags', { name: options.tableName, removalPolicy });
    const bucket = this.#bucket(options, queues, removalPolicy);
    const tagging = new TagImages(this, 'Tagging', {
      assetDirectory: assets.tagImages,
      options,
      bucket,
      queues,
      table,
      ...logs,
    });
    const queries = new QueryTags(this, 'Queries', {
      assetDirectory: assets.queryTags,
      options,
      queues,
      table,
      ...logs,
    });
    const reconcile = new Reconcile(this, 'Reconciling', {
      assetDirectory: assets.reconcile,
      options,
      bucket,
      queues,
      table,
      ...logs,
    });
    const backlog = new EnqueueBackfill(this, 'Backlog', {
      assetDirectory: assets.enqueueBackfill,
      options,
      bucket,
      queues,
      removalPolicy,
      ...logs,
    });
    const parts = {
      queues,
      table: table.table,
      tagImages: tagging.function,
      queryTags: queries.function,
      comparison: reconcile.workflow,
    };
    const { alarms } = new Alarms(this, 'Alarms', { ...parts, options });
    new OperationsDashboard(this, 'Operations', { ...parts, alarms });

    const outputs = {
      UploadBucketName: bucket.bucketName,
      QueueUrl: queues.live.queueUrl,
      BackfillQueueUrl: queues.backfill.queueUrl,
      DeadLetterQueueUrl: queues.deadLetters.queueUrl,
      TableName: table.table.tableName,
      ApiUrl: queries.url,
      ReconcileFunctionName: reconcile.function.functionName,
      ReconcileWorkflowArn: reconcile.workflow.arn,
      EnqueueBacklogFunctionName: backlog.function.functionName,
      BackfillWorkflowArn: backlog.workflow.arn,
      ...(options.inventoryBucketName && { InventoryBucketName: options.inventoryBucketName }),
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
    assertEnvironmentsFit(this);
  }

  #bucket(options: StackOptions, queues: ImageQueues, removalPolicy: RemovalPolicy) {
    const { existingBucketName, uploadBucketName: name, prefix, suffix } = options;
    if (existingBucketName === undefined) {
      return new UploadBucket(this, 'Uploads', { queues, name, prefix, suffix, removalPolicy }).bucket;
    }
    new ExistingBucketEvents(this, 'UploadEvents', {
      bucketName: existingBucketName,
      prefix,
      suffix,
      queue: queues.live,
    });
    return Bucket.fromBucketName(this, 'Uploads', existingBucketName);
  }
}
