import type { QueueNotification } from '../notifications.ts';
import type { Bodies } from './bodies.ts';
import type { Bucket, Buckets } from './buckets.ts';
import type { Database } from './database.ts';
import type { Uploads } from './uploads.ts';
import type { Versions } from './versions.ts';

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
}
