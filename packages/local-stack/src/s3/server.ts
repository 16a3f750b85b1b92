import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { REGION } from '../constants.ts';
import { closeServer, listenOnLoopback } from '../loopback.ts';
import { asksFor, eventMessage, type QueueNotification, testMessage } from '../notifications.ts';
import { Bodies } from './bodies.ts';
import { type Bucket, type BucketSettings, Buckets, checkBucketName } from './buckets.ts';
import { Database } from './database.ts';
import { answerRequest } from './dispatch.ts';
import { Outbox } from './outbox.ts';
import type { S3Fault, S3Service } from './service.ts';
import { Uploads } from './uploads.ts';
import { Versions } from './versions.ts';

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
export async function startS3(options: S3Options): Promise<S3> {
  const { port, dataDirectory, notifications, now = Date.now, fault, log = () => undefined } = options;
  const directory = dataDirectory ?? (await fs.mkdtemp(path.join(os.tmpdir(), 'local-s3-')));
  const database = new Database(directory, { now, isTemporary: dataDirectory === undefined });
  const bodies = new Bodies(path.join(directory, 'bodies'));
  await bodies.sweep((id) => database.get('SELECT 1 FROM pieces WHERE id = ? AND data IS NULL', id) !== undefined);
  const buckets = new Buckets(database);
  const outbox = new Outbox(database, (change) => {
    for (const rule of buckets.find(change.bucket)?.settings.notifications ?? []) {
      if (!notifications || !asksFor(rule, change)) continue;
      // Its queue may have been deleted since.
      if (notifications.hasQueue(rule.queueArn)) notifications.send(rule.queueArn, eventMessage(change, rule.id ?? ''));
      else log(`S3: ${change.eventName} of ${change.bucket}/${change.key}: there is no queue ${rule.queueArn}`);
    }
  });
  const uploads = new Uploads(database, bodies);
  uploads.forgetCompleted(now());
  const setNotifications = (bucket: Bucket, rules: QueueNotification[]) => {
    buckets.change(bucket, { notifications: rules });
    for (const queueArn of new Set(rules.map((rule) => rule.queueArn))) {
      notifications?.send(queueArn, testMessage(bucket.name, new Date(now())));
    }
  };
  const service: S3Service = {
    database,
    buckets,
    bodies,
    versions: new Versions(database, buckets, bodies, outbox, now),
    uploads,
    now,
    setNotifications,
    hasQueue: (arn) => notifications?.hasQueue(arn) ?? false,
    fault,
    log,
  };

  const answer = (message: IncomingMessage, response: ServerResponse) => {
    void answerRequest({ message, response, id: randomBytes(8).toString('hex').toUpperCase() }, service);
  };
  // A large body takes as long as it takes.
  const server = createServer({ requestTimeout: 0, highWaterMark: 262_144 }, answer);
  // Whether to go on is said once the request was found good.
  server.on('checkContinue', answer);
  const close = async () => {
    await closeServer(server);
    await bodies.close();
    outbox.forgetTold();
    database.close();
    if (dataDirectory === undefined) await fs.rm(directory, { recursive: true, maxRetries: 3 });
  };
  let endpoint: string;
  try {
    endpoint = await listenOnLoopback(server, port);
  } catch (error) {
    await close();
    throw error;
  }

  return {
    endpoint,
    ensureBucket: (name, { notifications: rules, ...settings } = {}) => {
      checkBucketName(name);
      const bucket = buckets.find(name) ?? buckets.create(name, now(), { region: REGION, acl: 'private' });
      buckets.change(bucket, settings);
      if (rules) setNotifications(bucket, rules);
    },
    tellRest: () => outbox.tellRest(),
    close,
  };
}
