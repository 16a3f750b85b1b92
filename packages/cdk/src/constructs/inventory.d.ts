import { type Role } from 'aws-cdk-lib/aws-iam';
/** Manifests and files of S3's inventories, in a bucket that isn't this stack's. */
export declare function allowToReadInventory(role: Role, bucketName: string): void;
