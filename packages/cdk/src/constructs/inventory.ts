import { Aws } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { acknowledgeWildcard } from './acknowledge.ts';

/** Manifests and files of S3's inventories, in a bucket that isn't this stack's. */
export function allowToReadInventory(role: Role, bucketName: string): void {
  const objects = `arn:${Aws.PARTITION}:s3:::${bucketName}/*`;
  role.addToPolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: [objects] }));
  acknowledgeWildcard(role, objects, 'S3 names the files of an inventory as it likes.');
}
