import type { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { type IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type FunctionFolders } from './function-folders.ts';
import type { PipelineProps } from './pipeline-props.ts';
export interface TaggingPipelineProps extends PipelineProps {
    /**
     * The bucket whose images are tagged; a new one if absent. One of this stack tells the queue itself. Of another stack or app, it must
     * send its events to EventBridge.
     */
    bucket?: IBucket | undefined;
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
export declare class TaggingPipeline extends Construct {
    #private;
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
    constructor(scope: Construct, id: string, props?: TaggingPipelineProps);
    /** Lets someone ask the API, and correct tags by it. */
    grantQuery(grantee: IGrantable): Grant;
    /**
     * A sum that the tagging function measures, a period of five minutes: docs/reference/metrics.md lists them.
     *
     * @param name such as `taggedImages`.
     */
    metric(name: string): Metric;
    /** Adds the outputs by which `tagmill … --stack NAME` finds the parts. A stack has one pipeline that does so. */
    addOutputs(): void;
}
