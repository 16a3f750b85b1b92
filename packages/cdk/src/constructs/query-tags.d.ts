import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { PipelineOptions } from '../options.ts';
import type { ImageQueues } from './image-queues.ts';
import { type NodeFunctionProps } from './node-function.ts';
import type { TagTable } from './tag-table.ts';
export interface QueryTagsProps extends Pick<NodeFunctionProps, 'assetDirectory' | 'logRetention' | 'logRemovalPolicy'> {
    options: PipelineOptions;
    queues: ImageQueues;
    table: TagTable;
}
/** The HTTP API: a function URL, which keeps a path's percent-encoding as API Gateway doesn't, for signed requests only. */
export declare class QueryTags extends Construct {
    #private;
    readonly url: string;
    readonly function: LambdaFunction;
    constructor(scope: Construct, id: string, { options, queues, table, ...props }: QueryTagsProps);
    /** Lets someone send requests. */
    grantInvoke(grantee: IGrantable): Grant;
}
