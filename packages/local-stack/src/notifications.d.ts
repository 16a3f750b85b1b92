/** Those that are sent here. https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html */
export type EventName = `ObjectCreated:${'Put' | 'Post' | 'Copy' | 'CompleteMultipartUpload'}` | `ObjectRemoved:${'Delete' | 'DeleteMarkerCreated'}` | `ObjectTagging:${'Put' | 'Delete'}`;
export interface ObjectChange {
    bucket: string;
    key: string;
    eventName: EventName;
    /** Rises with every change, over restarts, too. */
    sequence: number;
    timeMs: number;
    /** In buckets that have or had versions. */
    versionId?: string;
    /** Of what is there now. */
    object?: {
        size?: number;
        etag: string;
    };
}
/** One rule of a bucket's notification configuration. */
export interface QueueNotification {
    id?: string;
    queueArn: string;
    /** Such as `s3:ObjectCreated:*`. */
    events: readonly string[];
    /** As in the configuration: percent-encoded, a space as `+`. */
    prefix: string;
    suffix: string;
}
/** What S3 sends to a queue when it becomes one of a bucket's. */
export declare function testMessage(bucket: string, now: Date): string;
/**
 * What S3 sends when objects come and go.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export declare function eventMessage(change: ObjectChange, configurationId: string): string;
/**
 * Whether a rule asks for this change. S3 compares its filters with the key as it stands in the event, so a filter for a
 * key with a space has a `+`: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
 */
export declare function asksFor({ events, prefix, suffix }: QueueNotification, { key, eventName }: ObjectChange): boolean;
