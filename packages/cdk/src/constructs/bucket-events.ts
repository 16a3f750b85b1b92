import { TagmillError } from '@tagmill/core';
import { Aws, Stack, Token } from 'aws-cdk-lib';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { encodeFilterValue } from '../key-filter.ts';
import { generatedBucketNames } from '../names.ts';
import type { ImageQueues } from './image-queues.ts';

export interface BucketEvents {
  queues: ImageQueues;
  prefix: string;
  suffix: string;
}

/**
 * What makes an image appear, change or go: an event of any of these means that the table has to be made to agree.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html
 */
const EVENTS = ['s3:ObjectCreated:*', 's3:ObjectRemoved:*', 's3:LifecycleExpiration:*'];

/**
 * Has a bucket of this stack tell the queue of its images, by the bucket's own configuration: addEventNotification would bring a function
 * that may change any bucket's.
 *
 * @throws {TagmillError} `invalid-settings` if the bucket has notifications already: its configuration is one document.
 */
export function notifyQueue(bucket: IConstruct, { queues, prefix, suffix }: BucketEvents): void {
  const resource = bucket.node.defaultChild as CfnBucket;
  const by = 'Give the bucket eventBridgeEnabled: true and pass Bucket.fromBucketName(scope, id, bucket.bucketName)';
  const others = () => bucket.node.tryFindChild('Notifications') !== undefined;
  const fault = `${bucket.node.path} has event notifications of its own, which these would overwrite. ${by}`;
  if (resource.notificationConfiguration !== undefined || others()) throw new TagmillError('invalid-settings', fault);
  // They may be added later.
  bucket.node.addValidation({ validate: () => (others() ? [fault] : []) });

  const filters = Object.entries({ prefix, suffix })
    .filter(([, value]) => value !== '')
    .map(([name, value]) => ({ name, value: encodeFilterValue(value) }));
  resource.notificationConfiguration = {
    queueConfigurations: EVENTS.map((event) => ({
      event,
      queue: queues.live.queueArn,
      ...(filters.length > 0 ? { filter: { s3Key: { rules: filters } } } : {}),
    })),
  };
  // By a pattern, not by the bucket's own name, for which the policy would wait, while the bucket waits for the policy.
  const stack = Stack.of(bucket);
  // Of a bucket without a name it is a token, which only resolving shows to be none.
  const isNamed = stack.resolve(resource.bucketName) !== undefined;
  const names = isNamed ? resource.bucketName : generatedNames(stack);
  resource.node.addDependency(queues.acceptEventsOf(`arn:${Aws.PARTITION}:s3:::${names}`));
}

function generatedNames({ stackName }: Stack): string {
  return Token.isUnresolved(stackName) ? '*' : generatedBucketNames(stackName);
}
