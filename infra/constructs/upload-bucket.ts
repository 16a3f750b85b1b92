import { Aws, Duration, type RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { ImageQueues } from './image-queues.ts';

export interface UploadBucketProps {
  queues: ImageQueues;
  prefix: string;
  suffix: string;
  removalPolicy: RemovalPolicy;
}

/**
 * What makes an image appear, change or go: an event of any of these means that the table has to be made to agree.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html
 */
const EVENTS = ['s3:ObjectCreated:*', 's3:ObjectRemoved:*', 's3:LifecycleExpiration:*'];

/** The bucket that images are dropped into; it tells the queue of each. */
export class UploadBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { queues, prefix, suffix, removalPolicy }: UploadBucketProps) {
    super(scope, id);
    // Named ahead, so that the queue's policy can name it without waiting for it: else each would depend on the other.
    const bucketName = `${Stack.of(this).stackName.toLowerCase()}-uploads-${Aws.ACCOUNT_ID}-${Aws.REGION}`;
    const bucket = new Bucket(this, 'Bucket', {
      bucketName,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      removalPolicy,
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(7) }],
    });
    const policy = queues.acceptEventsOf(`arn:${Aws.PARTITION}:s3:::${bucketName}`);

    // The bucket's own configuration: addEventNotification would bring a function that may change any bucket's.
    const rules = [prefix && { name: 'prefix', value: prefix }, suffix && { name: 'suffix', value: suffix }];
    const filters = rules.filter((rule) => rule !== '');
    const resource = bucket.node.defaultChild as CfnBucket;
    resource.notificationConfiguration = {
      queueConfigurations: EVENTS.map((event) => ({
        event,
        queue: queues.live.queueArn,
        ...(filters.length > 0 ? { filter: { s3Key: { rules: filters } } } : {}),
      })),
    };
    resource.node.addDependency(policy);
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Access logs would need a second bucket that costs by the request; CloudTrail data events can be switched on.',
    });
    this.bucket = bucket;
  }
}
