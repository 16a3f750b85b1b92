import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { type Json, list, propertiesOf, templateOf } from './stacks.ts';

const template = templateOf();
const all = (type: string, from = template) => propertiesOf(from, type);

describe('the queues', () => {
  test('hand over to a dead-letter queue that keeps longer than they do', () => {
    const queues = all('AWS::SQS::Queue');
    const [deadLetters, ...more] = queues.filter(({ RedrivePolicy }) => !RedrivePolicy);
    expect(more).toEqual([]);
    for (const { RedrivePolicy, MessageRetentionPeriod } of queues.filter((queue) => queue !== deadLetters)) {
      expect(RedrivePolicy.maxReceiveCount).toBe(10);
      expect(MessageRetentionPeriod).toBeLessThan(deadLetters!.MessageRetentionPeriod);
    }
  });

  test.each([1, 60, 900])('stay invisible six times a timeout of %i s', (timeoutSeconds) => {
    for (const { VisibilityTimeout, RedrivePolicy } of all('AWS::SQS::Queue', templateOf({ timeoutSeconds }))) {
      if (RedrivePolicy) expect(VisibilityTimeout).toBeGreaterThanOrEqual(6 * timeoutSeconds);
    }
  });

  test('stay invisible for the batch’s window more', () => {
    const visibilities = all('AWS::SQS::Queue', templateOf({ timeoutSeconds: 10, batchWindowSeconds: 7 }))
      .filter(({ RedrivePolicy }) => RedrivePolicy)
      .map(({ VisibilityTimeout }) => VisibilityTimeout);
    expect(visibilities).toEqual([67, 67]);
  });

  test('try as often as the option says', () => {
    const redriven = all('AWS::SQS::Queue', templateOf({ maxReceiveCount: 3 })).filter((queue) => queue.RedrivePolicy);
    expect(redriven.map(({ RedrivePolicy }) => RedrivePolicy.maxReceiveCount)).toEqual([3, 3]);
  });
});

describe('the event sources', () => {
  test('report each failed message, for both queues, with a bounded concurrency', () => {
    const mappings = all('AWS::Lambda::EventSourceMapping');
    expect(mappings).toHaveLength(2);
    for (const { FunctionResponseTypes, ScalingConfig, BatchSize } of mappings) {
      expect(FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
      expect(ScalingConfig.MaximumConcurrency).toBeGreaterThanOrEqual(2);
      expect(BatchSize).toBe(10);
    }
  });

  test('follow the options', () => {
    const options = { batchSize: 25, batchWindowSeconds: 3, maxConcurrency: 40, backfillMaxConcurrency: 5 };
    const mappings = all('AWS::Lambda::EventSourceMapping', templateOf(options));
    expect(mappings.map(({ ScalingConfig }) => ScalingConfig.MaximumConcurrency).sort()).toEqual([40, 5]);
    for (const { BatchSize, MaximumBatchingWindowInSeconds } of mappings) {
      expect([BatchSize, MaximumBatchingWindowInSeconds]).toEqual([25, 3]);
    }
  });
});

describe('the bucket', () => {
  test('tells of everything that makes objects come and go, through the filters', () => {
    const filtered = templateOf({ prefix: 'in/', suffix: '.jpg' });
    const [bucket] = all('AWS::S3::Bucket', filtered);
    const configurations: Json[] = bucket!.NotificationConfiguration.QueueConfigurations;
    expect(configurations.map(({ Event }) => Event)).toEqual([
      's3:ObjectCreated:*',
      's3:ObjectRemoved:*',
      's3:LifecycleExpiration:*',
    ]);
    for (const { Filter } of configurations) {
      expect(Filter.S3Key.Rules).toEqual([
        { Name: 'prefix', Value: 'in/' },
        { Name: 'suffix', Value: '.jpg' },
      ]);
    }
  });

  test('waits for the queue’s policy, and brings no custom resource', () => {
    const [bucket] = Object.values(template.findResources('AWS::S3::Bucket'));
    const policies = Object.keys(template.findResources('AWS::SQS::QueuePolicy'));
    expect(policies).toEqual(expect.arrayContaining(bucket!.DependsOn));
    const types = Object.values(template.toJSON().Resources as Json).map(({ Type }) => Type);
    expect(types.filter((type) => /^Custom::|CustomResource/.test(type))).toEqual([]);
  });

  test('tells of every key unless it is told otherwise', () => {
    const [bucket] = all('AWS::S3::Bucket');
    for (const configuration of bucket!.NotificationConfiguration.QueueConfigurations) {
      expect(Object.keys(configuration).sort()).toEqual(['Event', 'Queue']);
    }
  });

  test('if it is there already, and encrypted by a key of its owner’s, is read by leave to decrypt by that key only', () => {
    const existingBucketKeyArn = 'arn:aws:kms:eu-west-1:123456789012:key/0f1e';
    const existing = templateOf({ existingBucketName: 'family-photos', existingBucketKeyArn });
    const decrypting = all('AWS::IAM::Policy', existing)
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(({ Action }) => list(Action).some((action) => action.startsWith('kms:')));
    expect(decrypting).toEqual([{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: existingBucketKeyArn }]);
  });

  test('if it is there already, is never configured: its events come by EventBridge', () => {
    const existing = templateOf({ existingBucketName: 'family-photos', prefix: 'a\\b/' });
    for (const bucket of all('AWS::S3::Bucket', existing))
      expect(bucket).not.toHaveProperty('NotificationConfiguration');
    existing.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: Match.objectLike({
        'detail-type': ['Object Created', 'Object Deleted'],
        detail: { bucket: { name: ['family-photos'] }, object: { key: [{ wildcard: 'a\\\\b/*' }] } },
      }),
    });
  });
});
