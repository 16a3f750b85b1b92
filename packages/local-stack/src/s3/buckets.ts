import type { QueueNotification } from '../notifications.ts';
import type { Database } from './database.ts';
import { S3Error } from './errors.ts';

export interface CorsRule {
  id?: string;
  origins: string[];
  methods: string[];
  allowedHeaders: string[];
  exposedHeaders: string[];
  maxAgeSeconds?: number;
}

/** What a bucket's sub-resources hold. */
export interface BucketSettings {
  region: string;
  acl: string;
  /** Not set where versions were never asked for. */
  versioning?: 'Enabled' | 'Suspended';
  tags?: [key: string, value: string][];
  cors?: CorsRule[];
  notifications?: QueueNotification[];
}

export interface Bucket {
  name: string;
  createdMs: number;
  settings: BucketSettings;
}

interface Row {
  name: string;
  created_ms: number;
  settings: string;
}

/** All buckets, in memory as in the database. */
export class Buckets {
  readonly #database: Database;
  readonly #buckets = new Map<string, Bucket>();

  constructor(database: Database) {
    this.#database = database;
    for (const { name, created_ms, settings } of database.all<Row>('SELECT * FROM buckets ORDER BY name')) {
      this.#buckets.set(name, { name, createdMs: created_ms, settings: JSON.parse(settings) });
    }
  }

  find(name: string): Bucket | undefined {
    return this.#buckets.get(name);
  }

  /** @throws {S3Error} `NoSuchBucket` */
  require(name: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (bucket) return bucket;
    throw new S3Error('NoSuchBucket', 'The specified bucket does not exist', { details: { BucketName: name } });
  }

  /** By name. */
  list(): Bucket[] {
    return [...this.#buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  create(name: string, createdMs: number, settings: BucketSettings): Bucket {
    const bucket = { name, createdMs, settings };
    this.#database.run('INSERT INTO buckets VALUES (?, ?, ?)', name, createdMs, JSON.stringify(settings));
    this.#buckets.set(name, bucket);
    return bucket;
  }

  /** What is `undefined` is taken away. */
  change(bucket: Bucket, change: { [Name in keyof BucketSettings]?: BucketSettings[Name] | undefined }): void {
    const settings = { ...bucket.settings, ...change } as BucketSettings;
    this.#database.run('UPDATE buckets SET settings = ? WHERE name = ?', JSON.stringify(settings), bucket.name);
    bucket.settings = settings;
  }

  /** Its unfinished uploads have to be gone. */
  delete({ name }: Bucket): void {
    this.#database.run('DELETE FROM buckets WHERE name = ?', name);
    this.#buckets.delete(name);
  }
}

/**
 * @throws {S3Error} `InvalidBucketName`
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export function checkBucketName(name: string): void {
  const isValid =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !/\.\.|\.-|-\./.test(name) && !/^\d+\.\d+\.\d+\.\d+$/.test(name);
  if (!isValid) {
    throw new S3Error('InvalidBucketName', 'The specified bucket is not valid.', { details: { BucketName: name } });
  }
}
