import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ImageQueues } from './image-queues.ts';
export interface BucketEvents {
    queues: ImageQueues;
    prefix: string;
    suffix: string;
}
/**
 * Has a bucket of this stack tell the queue of its images, by the bucket's own configuration: addEventNotification would bring a function
 * that may change any bucket's.
 *
 * @throws {TagmillError} `invalid-settings` if the bucket has notifications already: its configuration is one document.
 */
export declare function notifyQueue(bucket: IBucket, { queues, prefix, suffix }: BucketEvents): void;
