import { Aws, Duration, type RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { encodeFilterValue } from '../key-filter.ts';
import { fillName, generatedBucketNames } from '../names.ts';
import type { ImageQueues } from './image-queues.ts';

export interface UploadBucketProps {
  queues: ImageQueues;
  /** With `{account}` and `{region}` in it, perhaps; CloudFormation chooses one if absent. */
  name: string | undefined;
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
    // By a pattern, not by the bucket's own name, for which the policy would wait, while the bucket waits for the policy.
    const names = bucketName ?? generatedBucketNames(Stack.of(this).stackName);
    const policy = queues.acceptEventsOf(`arn:${Aws.PARTITION}:s3:::${names}`);

    // The bucket's own configuration: addEventNotification would bring a function that may change any bucket's.
    const filters = Object.entries({ prefix, suffix })
      .filter(([, value]) => value !== '')
      .map(([name, value]) => ({ name, value: encodeFilterValue(value) }));
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
