import { Match, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface ExistingBucketEventsProps {
  bucketName: string;
  prefix: string;
  suffix: string;
  queue: IQueue;
}

/**
 * The events of a bucket that other hands own, by way of EventBridge: its notification configuration is one document, and
 * whoever writes it overwrites what others wrote. The owner switches EventBridge on, once, which changes nothing else.
 */
export class ExistingBucketEvents extends Construct {
  constructor(scope: Construct, id: string, { bucketName, prefix, suffix, queue }: ExistingBucketEventsProps) {
    super(scope, id);
    const key = prefix || suffix ? { object: { key: Match.wildcard(`${literal(prefix)}*${literal(suffix)}`) } } : {};
    new Rule(this, 'Rule', {
      description: `Images that come and go in ${bucketName}`,
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created', 'Object Deleted'],
        detail: { bucket: { name: [bucketName] }, ...key },
      },
      targets: [new SqsQueue(queue)],
    });
  }
}

/** What a wildcard pattern would read as one. */
function literal(text: string): string {
  return text.replace(/[\\*]/g, '\\$&');
}
