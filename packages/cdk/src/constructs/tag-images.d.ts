import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { PipelineOptions } from '../options.ts';
import type { ImageQueues } from './image-queues.ts';
import { type NodeFunctionProps } from './node-function.ts';
import type { TagTable } from './tag-table.ts';
export interface TagImagesProps extends Pick<NodeFunctionProps, 'assetDirectory' | 'logRetention' | 'logRemovalPolicy'> {
    options: PipelineOptions;
    bucket: Pick<IBucket, 'bucketArn' | 'arnForObjects' | 'encryptionKey'>;
    queues: ImageQueues;
    table: TagTable;
}
/** The function that tags, fed by both queues. */
export declare class TagImages extends Construct {
    readonly function: LambdaFunction;
    constructor(scope: Construct, id: string, { options, bucket, queues, table, ...props }: TagImagesProps);
}
