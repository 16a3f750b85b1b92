import { Aws, Duration, type RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { PipelineOptions } from '../options.ts';
import { acknowledgeWildcard } from './acknowledge.ts';
import type { ImageQueues } from './image-queues.ts';
import { allowToReadInventory } from './inventory.ts';
import { NodeFunction, type NodeFunctionProps } from './node-function.ts';
import { lambdaTask, TRANSIENT_RETRY, Workflow } from './workflow.ts';

export interface EnqueueBackfillProps
  extends Pick<NodeFunctionProps, 'assetDirectory' | 'logRetention' | 'logRemovalPolicy'> {
  options: PipelineOptions;
  bucket: Pick<IBucket, 'bucketArn' | 'bucketName'>;
  queues: ImageQueues;
  removalPolicy: RemovalPolicy;
}

/** Of the largest keys, 200 fit the 256 KiB that a batch may have; of usual ones the count decides. */
const OBJECTS_A_BATCH = 500;
const MAX_BATCH_BYTES = 262_144;
/** SQS takes ten messages a call, some 10 ms each: ten batches at once fill the queue faster than it drains. */
const BATCHES_AT_ONCE = 10;
const RESULTS_KEPT = Duration.days(30);

/** Lists a bucket of any size and enqueues what it holds, no faster than it is tagged: docs/decisions/13-backfill.md. */
export class EnqueueBackfill extends Construct {
  readonly function: LambdaFunction;
  readonly workflow: Workflow;

  constructor(
    scope: Construct,
    id: string,
    { options, bucket, queues, removalPolicy, ...props }: EnqueueBackfillProps,
  ) {
    super(scope, id);
    const { function: enqueue, role } = new NodeFunction(this, 'EnqueueBacklog', {
      ...props,
      description: 'Enqueues a batch of objects that were there before their events were',
      architecture: options.architecture,
      memoryMb: 256,
      timeout: Duration.minutes(1),
      environment: {
        BACKFILL_QUEUE_URL: queues.backfill.queueUrl,
        BUCKET_NAME: bucket.bucketName,
        KEY_PREFIX: options.prefix,
        KEY_SUFFIX: options.suffix,
        POWERTOOLS_SERVICE_NAME: 'enqueue-backfill',
      },
    });
    this.function = enqueue;
    role.addToPolicy(queues.fillBackfill());

    const results = this.#results(removalPolicy);
    this.workflow = new Workflow(this, 'Backfill', {
      task: enqueue,
      definition: definitionOf(enqueue, {
        bucketName: bucket.bucketName,
        resultsBucketName: results.bucketName,
        inventoryBucketName: options.inventoryBucketName,
      }),
    });
    this.#allow(bucket, results);
    if (options.inventoryBucketName) allowToReadInventory(this.workflow.role, options.inventoryBucketName);
  }

  /** What each batch did: a map's own output may not exceed 256 KiB. */
  #results(removalPolicy: RemovalPolicy): Bucket {
    const results = new Bucket(this, 'Results', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      removalPolicy,
      lifecycleRules: [{ expiration: RESULTS_KEPT, abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    });
    Validations.of(results).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'What each batch did is kept for a month and holds keys only.',
    });
    return results;
  }

  /** https://docs.aws.amazon.com/step-functions/latest/dg/use-dist-map-orchestrate-large-scale-parallel-workloads.html */
  #allow(bucket: EnqueueBackfillProps['bucket'], results: Bucket): void {
    const { role, ownArn, executionArns } = this.workflow;
    const allow = (actions: string[], resources: string[]) =>
      role.addToPolicy(new PolicyStatement({ actions, resources }));
    allow(['s3:ListBucket'], [bucket.bucketArn]);
    allow(['states:StartExecution'], [ownArn]);
    allow(['states:DescribeExecution', 'states:StopExecution', 'states:RedriveExecution'], executionArns);
    const objects = results.arnForObjects('*');
    allow(['s3:PutObject', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'], [objects]);
    for (const arn of executionArns)
      acknowledgeWildcard(role, arn, 'Its own executions, whose names it chooses itself.');
    acknowledgeWildcard(role, objects, 'Step Functions names what it writes; nothing else is in that bucket.');
  }
}

interface DefinitionProps {
  bucketName: string;
  resultsBucketName: string;
  inventoryBucketName: string | undefined;
}

function definitionOf(
  enqueue: LambdaFunction,
  { bucketName, resultsBucketName, inventoryBucketName }: DefinitionProps,
): object {
  const arn = (api: string) => `arn:${Aws.PARTITION}:states:::s3:${api}`;
  const isFull = {
    ErrorEquals: ['QueueFullError'],
    IntervalSeconds: 60,
    BackoffRate: 1,
    // The most that there is: it waits as long as it takes.
    MaxAttempts: 99_999_999,
    JitterStrategy: 'FULL',
  };
  const batches = { MaxItemsPerBatch: OBJECTS_A_BATCH, MaxInputBytesPerBatch: MAX_BATCH_BYTES };
  const enqueueAll = {
    Type: 'Map',
    ItemReader: { Resource: arn('listObjectsV2'), Parameters: { Bucket: bucketName, 'Prefix.$': '$.prefix' } },
    ItemBatcher: batches,
    MaxConcurrency: BATCHES_AT_ONCE,
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: 'EnqueueBatch',
      States: { EnqueueBatch: { ...lambdaTask(enqueue), Retry: [isFull, TRANSIENT_RETRY], End: true } },
    },
    ResultWriter: { Resource: arn('putObject'), Parameters: { Bucket: resultsBucketName, Prefix: 'backfill' } },
    End: true,
  };
  if (inventoryBucketName === undefined) return { StartAt: 'EnqueueAll', States: { EnqueueAll: enqueueAll } };
  return {
    StartAt: 'IsInventoried',
    States: {
      IsInventoried: {
        Type: 'Choice',
        Choices: [{ Variable: '$.inventory', IsPresent: true, Next: 'EnqueueInventory' }],
        Default: 'EnqueueAll',
      },
      EnqueueAll: enqueueAll,
      EnqueueInventory: {
        ...enqueueAll,
        ItemReader: {
          ReaderConfig: { InputType: 'MANIFEST' },
          Resource: arn('getObject'),
          Parameters: { Bucket: inventoryBucketName, 'Key.$': '$.inventory.key' },
        },
        // An inventory isn't asked for a prefix: the function leaves out what is elsewhere.
        ItemBatcher: { ...batches, BatchInput: { 'prefix.$': '$.prefix' } },
      },
    },
  };
}
