import { type RemovalPolicy } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { ImageQueues } from './image-queues.ts';
export interface UploadBucketProps {
    queues: ImageQueues;
    /** With `{account}` and `{region}` in it, perhaps; CloudFormation chooses one if absent. */
    name: string | undefined;
    prefix: string;
    suffix: string;
    removalPolicy: RemovalPolicy;
}
/** The bucket that images are dropped into; it tells the queue of each. */
export declare class UploadBucket extends Construct {
    readonly bucket: Bucket;
    constructor(scope: Construct, id: string, { queues, name, prefix, suffix, removalPolicy }: UploadBucketProps);
}
