import { type RemovalPolicy } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { PipelineOptions } from '../options.ts';
import type { ImageQueues } from './image-queues.ts';
import { type NodeFunctionProps } from './node-function.ts';
import { Workflow } from './workflow.ts';
export interface EnqueueBacklogProps extends Pick<NodeFunctionProps, 'assetDirectory' | 'logRetention' | 'logRemovalPolicy'> {
    options: PipelineOptions;
    bucket: Pick<IBucket, 'bucketArn' | 'bucketName'>;
    queues: ImageQueues;
    removalPolicy: RemovalPolicy;
}
/** Lists a bucket of any size and enqueues what it holds, no faster than it is tagged: docs/decisions/13-backfill.md. */
export declare class EnqueueBacklog extends Construct {
    #private;
    readonly function: LambdaFunction;
    readonly workflow: Workflow;
    constructor(scope: Construct, id: string, { options, bucket, queues, removalPolicy, ...props }: EnqueueBacklogProps);
}
