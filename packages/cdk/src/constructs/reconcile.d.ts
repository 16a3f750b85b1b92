import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { PipelineOptions } from '../options.ts';
import type { ImageQueues } from './image-queues.ts';
import { type NodeFunctionProps } from './node-function.ts';
import type { TagTable } from './tag-table.ts';
import { Workflow } from './workflow.ts';
export interface ReconcileProps extends Pick<NodeFunctionProps, 'assetDirectory' | 'logRetention' | 'logRemovalPolicy'> {
    options: PipelineOptions;
    bucket: Pick<IBucket, 'bucketArn' | 'bucketName' | 'arnForObjects'>;
    queues: ImageQueues;
    table: TagTable;
}
/** Compares the bucket with the table from time to time: docs/decisions/14-reconcile.md. */
export declare class Reconcile extends Construct {
    #private;
    readonly function: LambdaFunction;
    readonly workflow: Workflow;
    constructor(scope: Construct, id: string, { options, bucket, queues, table, ...props }: ReconcileProps);
}
