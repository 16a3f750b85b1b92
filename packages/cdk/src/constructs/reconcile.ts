import { Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { policyKeys } from '../key-filter.ts';
import type { PipelineOptions } from '../options.ts';
import { acknowledgeWildcard } from './acknowledge.ts';
import type { ImageQueues } from './image-queues.ts';
import { allowToReadInventory } from './inventory.ts';
import { metricsNamespace } from './metrics.ts';
import { NodeFunction, type NodeFunctionProps } from './node-function.ts';
import type { TagTable } from './tag-table.ts';
import { lambdaTask, servicePrincipal, TRANSIENT_RETRY, Workflow } from './workflow.ts';

export interface ReconcileProps
  extends Pick<NodeFunctionProps, 'assetDirectory' | 'logRetention' | 'logRemovalPolicy'> {
  options: PipelineOptions;
  bucket: Pick<IBucket, 'bucketArn' | 'bucketName' | 'arnForObjects'>;
  queues: ImageQueues;
  table: TagTable;
}

/** Compares the bucket with the table from time to time: docs/decisions/14-reconcile.md. */
export class Reconcile extends Construct {
  readonly function: LambdaFunction;
  readonly workflow: Workflow;

  constructor(scope: Construct, id: string, { options, bucket, queues, table, ...props }: ReconcileProps) {
    super(scope, id);
    const { function: reconcile, role } = new NodeFunction(this, 'Reconcile', {
      ...props,
      description: 'Compares the bucket with the table, a step at a time',
      architecture: options.architecture,
      memoryMb: 512,
      // The longest that there is: fewer steps.
      timeout: Duration.minutes(15),
      environment: {
        TABLE_NAME: table.table.tableName,
        BUCKET_NAME: bucket.bucketName,
        KEY_PREFIX: options.prefix,
        KEY_SUFFIX: options.suffix,
        BACKFILL_QUEUE_URL: queues.backfill.queueUrl,
        GRACE_SECONDS: String(options.reconcileGraceHours * 3600),
        POWERTOOLS_SERVICE_NAME: 'reconcile',
        POWERTOOLS_METRICS_NAMESPACE: metricsNamespace(this),
      },
    });
    this.function = reconcile;

    const objects = bucket.arnForObjects(policyKeys(options.prefix));
    role.addToPolicy(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }));
    // HeadObject asks for it. No key is decrypted by it, so none is granted.
    role.addToPolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: [objects] }));
    role.addToPolicy(table.readWhole());
    role.addToPolicy(table.writeOne());
    role.addToPolicy(queues.fillBackfill());
    if (options.inventoryBucketName) allowToReadInventory(role, options.inventoryBucketName);
    acknowledgeWildcard(role, objects, "All objects below the prefix: which they are is the uploaders' business.");

    this.workflow = new Workflow(this, 'Comparison', { task: reconcile, definition: definitionOf(reconcile) });
    this.#schedule(options.reconcileEveryHours);
  }

  #schedule(hours: number): void {
    const role = new Role(this, 'ScheduleRole', { assumedBy: servicePrincipal('scheduler.amazonaws.com') });
    role.addToPolicy(new PolicyStatement({ actions: ['states:StartExecution'], resources: [this.workflow.arn] }));
    const schedule = new CfnSchedule(this, 'Schedule', {
      description: 'Compares the bucket with the table',
      // Another unit for one: EventBridge Scheduler refuses `1 hours`.
      scheduleExpression: `rate(${hours} ${hours === 1 ? 'hour' : 'hours'})`,
      flexibleTimeWindow: { mode: 'OFF' },
      target: { arn: this.workflow.arn, roleArn: role.roleArn, input: '{}' },
    });
    schedule.node.addDependency(role);
  }
}

/** One step after another, each with the answer of the one before. */
function definitionOf(reconcile: LambdaFunction): object {
  return {
    StartAt: 'Compare',
    States: {
      Compare: { ...lambdaTask(reconcile), Retry: [TRANSIENT_RETRY], Next: 'IsDone' },
      IsDone: {
        Type: 'Choice',
        Choices: [
          { Variable: '$.state.phase', StringEquals: 'done', Next: 'Done' },
          { Variable: '$.state.waitSeconds', IsPresent: true, Next: 'WaitForRoom' },
        ],
        Default: 'Compare',
      },
      WaitForRoom: { Type: 'Wait', SecondsPath: '$.state.waitSeconds', Next: 'Compare' },
      Done: { Type: 'Succeed' },
    },
  };
}
