import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
export interface ExistingBucketEventsProps {
    bucketName: string;
    prefix: string;
    suffix: string;
    queue: IQueue;
}
/**
 * The events of a bucket that other hands own, by way of EventBridge: its notification configuration is one document, and
 * whoever writes it overwrites what others wrote. The owner switches EventBridge on, once, which changes nothing else.
 */
export declare class ExistingBucketEvents extends Construct {
    constructor(scope: Construct, id: string, { bucketName, prefix, suffix, queue }: ExistingBucketEventsProps);
}
