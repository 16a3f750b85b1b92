import { type BucketSettings } from './buckets.ts';
import type { S3Fault } from './service.ts';
/** Where notifications go. */
export interface NotificationTarget {
    /** Called as part of the change, before whoever made it hears that it is done. */
    send: (queueArn: string, body: string) => void;
    hasQueue: (queueArn: string) => boolean;
}
export interface S3Options {
    /** 0 for any. */
    port: number;
    /** Where objects are kept from one start to the next; a temporary directory, removed at the end, if there is none. */
    dataDirectory?: string;
    /** Without it nobody is told of changes. */
    notifications?: NotificationTarget;
    fault?: S3Fault | undefined;
    /** Told of faults of this program's own. */
    log?: (line: string) => void;
    /** In milliseconds since the epoch. */
    now?: () => number;
}
export type EnsureBucketOptions = Pick<BucketSettings, 'versioning' | 'cors' | 'tags' | 'notifications'>;
export interface S3 {
    endpoint: string;
    /** Makes a bucket unless it is there; what the options name is set either way. Queues of new rules get a test event. */
    ensureBucket(name: string, options?: EnsureBucketOptions): void;
    /** Tells what an earlier process was killed before telling. Once the queues are there. */
    tellRest(): void;
    close(): Promise<void>;
}
/**
 * Starts S3 on the loopback interface.
 *
 * @example
 * const s3 = await startS3({ port: 0 });
 * s3.ensureBucket('photos');
 * const client = new S3Client({ endpoint: s3.endpoint, forcePathStyle: true, … });
 */
export declare function startS3(options: S3Options): Promise<S3>;
