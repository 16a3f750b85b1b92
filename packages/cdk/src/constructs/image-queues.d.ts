import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct, type IDependable } from 'constructs';
export interface ImageQueuesProps {
    visibilityTimeout: Duration;
    maxReceiveCount: number;
}
/** New images, those of a backfill apart from them, and the messages that every try failed on. */
export declare class ImageQueues extends Construct {
    #private;
    readonly live: Queue;
    /** Its own, so that a photo of today doesn't wait behind ten million old ones. */
    readonly backfill: Queue;
    readonly deadLetters: Queue;
    constructor(scope: Construct, id: string, { visibilityTimeout, maxReceiveCount }: ImageQueuesProps);
    /** Lets S3 send this bucket's events, of this account only. */
    acceptEventsOf(bucketArn: string): IDependable;
    /** Ask how full the queue of backfills is, and send to it. */
    fillBackfill(): PolicyStatement;
    /** Have the tagging function look after images, behind whatever waits. */
    lookAfter(): PolicyStatement;
}
