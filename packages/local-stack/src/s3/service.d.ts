import type { QueueNotification } from '../notifications.ts';
import type { Bodies } from './bodies.ts';
import type { Bucket, Buckets } from './buckets.ts';
import type { Database } from './database.ts';
import type { Uploads } from './uploads.ts';
import type { Versions } from './versions.ts';
/**
 * Answers a request to S3 with an error in place of S3: an HTTP status, or undefined to let it pass, at once or later.
 *
 * @param path percent-encoded: `/bucket/key`.
 */
export type S3Fault = (request: {
    method: string;
    path: string;
}) => number | undefined | Promise<number | undefined>;
/** What operations work with. */
export interface S3Service {
    database: Database;
    buckets: Buckets;
    bodies: Bodies;
    versions: Versions;
    uploads: Uploads;
    /** In milliseconds since the epoch. */
    now: () => number;
    /** Follows these rules for a bucket from now on, and tests each queue. */
    setNotifications: (bucket: Bucket, rules: QueueNotification[]) => void;
    hasQueue: (arn: string) => boolean;
    fault: S3Fault | undefined;
    /** Told of faults of this program's own. */
    log: (line: string) => void;
}
