import type { QueueNotification } from '../notifications.ts';
import type { Database } from './database.ts';
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
/** All buckets, in memory as in the database. */
export declare class Buckets {
    #private;
    constructor(database: Database);
    find(name: string): Bucket | undefined;
    /** @throws {S3Error} `NoSuchBucket` */
    require(name: string): Bucket;
    /** By name. */
    list(): Bucket[];
    create(name: string, createdMs: number, settings: BucketSettings): Bucket;
    /** What is `undefined` is taken away. */
    change(bucket: Bucket, change: {
        [Name in keyof BucketSettings]?: BucketSettings[Name] | undefined;
    }): void;
    /** Its unfinished uploads have to be gone. */
    delete({ name }: Bucket): void;
}
/**
 * @throws {S3Error} `InvalidBucketName`
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export declare function checkBucketName(name: string): void;
