import { Aws, Duration, type RemovalPolicy, Validations } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { fillName } from '../names.ts';
import { notifyQueue } from './bucket-events.ts';
import type { ImageQueues } from './image-queues.ts';

export interface UploadBucketProps {
  queues: ImageQueues;
  /** With `{account}` and `{region}` in it, perhaps; CloudFormation chooses one if absent. */
  name: string | undefined;
  prefix: string;
  suffix: string;
  removalPolicy: RemovalPolicy;
}

/** The bucket that images are dropped into; it tells the queue of each. */
export class UploadBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { queues, name, prefix, suffix, removalPolicy }: UploadBucketProps) {
    super(scope, id);
    const bucketName = name && fillName(name, { account: Aws.ACCOUNT_ID, region: Aws.REGION });
    const bucket = new Bucket(this, 'Bucket', {
      ...(bucketName && { bucketName }),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      removalPolicy,
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(7) }],
    });
    notifyQueue(bucket, { queues, prefix, suffix });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Access logs would need a second bucket that costs by the request; CloudTrail data events can be switched on.',
    });
    this.bucket = bucket;
  }
}
