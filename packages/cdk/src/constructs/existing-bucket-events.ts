import { TagmillError } from '@tagmill/core';
import { Stack } from 'aws-cdk-lib';
import { Match, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { SERVICE_LIMITS } from '../service-limits.ts';

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
    const eventPattern = {
      source: ['aws.s3'],
      detailType: ['Object Created', 'Object Deleted'],
      detail: { bucket: { name: [bucketName] }, ...key },
    };
    assertPatternFits(Stack.of(this).resolve(eventPattern));
    new Rule(this, 'Rule', {
      description: `Images that come and go in ${bucketName}`,
      eventPattern,
      targets: [new SqsQueue(queue)],
    });
  }
}

/** A wildcard pattern reads a backslash as the beginning of an escape. There is no `*`: see faultOfKeyPart. */
function literal(text: string): string {
  return text.replaceAll('\\', '\\\\');
}

function assertPatternFits(pattern: object): void {
  const { most } = SERVICE_LIMITS.eventPatternCharacters;
  const { length } = JSON.stringify(pattern);
  if (length <= most) return;
  throw new TagmillError(
    'invalid-settings',
    `prefix and suffix make an event pattern of ${length} characters, and EventBridge takes ${most}`,
  );
}
