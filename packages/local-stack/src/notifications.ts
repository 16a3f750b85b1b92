import { REGION } from './constants.ts';

/** Those that are sent here. https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html */
export type EventName =
  | `ObjectCreated:${'Put' | 'Post' | 'Copy' | 'CompleteMultipartUpload'}`
  | `ObjectRemoved:${'Delete' | 'DeleteMarkerCreated'}`
  | `ObjectTagging:${'Put' | 'Delete'}`;

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
  object?: { size?: number; etag: string };
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
export function testMessage(bucket: string, now: Date): string {
  return JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Time: now.toISOString(), Bucket: bucket });
}

/**
 * What S3 sends when objects come and go.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function eventMessage(change: ObjectChange, configurationId: string): string {
  const { bucket, key, eventName, sequence, timeMs, versionId, object } = change;
  const record = {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: REGION,
    eventTime: new Date(timeMs).toISOString(),
    eventName,
    s3: {
      s3SchemaVersion: '1.0',
      configurationId,
      bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
      object: {
        key: encodeKey(key),
        size: object?.size,
        eTag: object?.etag,
        versionId,
        sequencer: sequence.toString(16).toUpperCase().padStart(15, '0'),
      },
    },
  };
  return JSON.stringify({ Records: [record] });
}

/**
 * Whether a rule asks for this change. S3 compares its filters with the key as it stands in the event, so a filter for a
 * key with a space has a `+`: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
 */
export function asksFor({ events, prefix, suffix }: QueueNotification, { key, eventName }: ObjectChange): boolean {
  const isAsked = events.some((event) => {
    const pattern = event.replace(/^s3:/, '');
    return pattern.endsWith('*') ? eventName.startsWith(pattern.slice(0, -1)) : eventName === pattern;
  });
  if (!isAsked) return false;
  const encoded = encodeKey(key);
  return encoded.startsWith(prefix) && encoded.endsWith(suffix);
}

/** As in a form: a space is a `+`; slashes stay. */
function encodeKey(key: string): string {
  return new URLSearchParams({ key }).toString().slice('key='.length).replaceAll('%2F', '/');
}
