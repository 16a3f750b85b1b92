import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { PipelineOptions } from '../options.ts';
import type { ImageQueues } from './image-queues.ts';
import type { Workflow } from './workflow.ts';
export interface OperatedParts {
    queues: ImageQueues;
    table: Table;
    tagImages: LambdaFunction;
    queryTags: LambdaFunction;
    comparison: Workflow;
}
export interface AlarmsProps extends OperatedParts {
    options: PipelineOptions;
    /** That is told of them. */
    topic: ITopic | undefined;
}
/** What somebody has to be told of. docs/operations/runbook.md says of each, by its name, what it means and what to do. */
export declare class Alarms extends Construct {
    #private;
    readonly alarms: Alarm[];
    constructor(scope: Construct, id: string, { queues, table, tagImages, queryTags, comparison, options, topic }: AlarmsProps);
}
