import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { TABLE_SCHEMA } from '@tagmill/tag-store';
import { App, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { parseStackOptions } from '../options.ts';
import { TaggingStack } from '../tagging-stack.ts';

type Json = Record<string, any>;

const bundle = fs.mkdtempSync(path.join(os.tmpdir(), 'bundle-'));
fs.writeFileSync(path.join(bundle, 'index.mjs'), 'export const handler = async () => ({});');

function stackOf(options: Json = {}) {
  const app = new App({ outdir: fs.mkdtempSync(path.join(os.tmpdir(), 'assembly-')) });
  const assets = { tagImages: bundle, queryTags: bundle };
  return { app, stack: new TaggingStack(app, 'Tagmill', { options: parseStackOptions(options), assets }) };
}

const templateOf = (options: Json = {}) => Template.fromStack(stackOf(options).stack);
const template = templateOf();
const all = (type: string, from = template): Json[] =>
  Object.values(from.findResources(type)).map((each) => each.Properties);
const statements = (): Json[] => all('AWS::IAM::Policy').flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
const list = (value: unknown): string[] => [value].flat() as string[];

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

  test('are encrypted, and for TLS only', () => {
    const queues = Object.entries(template.findResources('AWS::SQS::Queue'));
    for (const [id, { Properties }] of queues) {
      expect(Properties.SqsManagedSseEnabled).toBe(true);
      template.hasResourceProperties('AWS::SQS::QueuePolicy', {
        Queues: [{ Ref: id }],
        PolicyDocument: Match.objectLike({
          Statement: Match.arrayWith([
            Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          ]),
        }),
      });
    }
  });

  test('take events of this bucket and account only', () => {
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: 's3.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Condition: {
              StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
              ArnLike: { 'aws:SourceArn': Match.anyValue() },
            },
          }),
        ]),
      }),
    });
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
  test('is private, encrypted and for TLS only', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: Match.anyValue(),
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: Match.objectLike({
        Statement: [Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
      }),
    });
  });

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

  test('if it is there already, is never configured: its events come by EventBridge', () => {
    const existing = templateOf({ existingBucketName: 'family-photos', prefix: 'a*b/' });
    existing.resourceCountIs('AWS::S3::Bucket', 0);
    existing.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: Match.objectLike({
        'detail-type': ['Object Created', 'Object Deleted'],
        detail: { bucket: { name: ['family-photos'] }, object: { key: [{ wildcard: 'a\\*b/*' }] } },
      }),
    });
  });
});

test('the table is the one that tag-store describes, on demand, with point-in-time recovery', () => {
  const [table] = all('AWS::DynamoDB::Table');
  expect(table).toMatchObject({
    BillingMode: 'PAY_PER_REQUEST',
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    TimeToLiveSpecification: { AttributeName: TABLE_SCHEMA.timeToLiveAttribute, Enabled: true },
  });
  expect(table!.GlobalSecondaryIndexes.map(({ IndexName }: Json) => IndexName)).toEqual(
    TABLE_SCHEMA.indexes.map(({ name }) => name),
  );
});

describe('the functions', () => {
  test('run on Node 24, log to a group that forgets, and ask for a signature', () => {
    for (const { Runtime, LoggingConfig } of all('AWS::Lambda::Function')) {
      expect(Runtime).toBe('nodejs24.x');
      expect(LoggingConfig.LogGroup).toBeDefined();
    }
    for (const { RetentionInDays } of all('AWS::Logs::LogGroup')) expect(RetentionInDays).toBe(30);
    for (const { AuthType } of all('AWS::Lambda::Url')) expect(AuthType).toBe('AWS_IAM');
  });

  test('may do nothing by a wildcard action, nor to every resource', () => {
    for (const { Action, Resource } of statements()) {
      for (const action of list(Action)) expect(action).not.toContain('*');
      for (const resource of list(Resource)) expect(resource).not.toBe('*');
    }
  });

  test('may do just this', () => {
    const actions = new Set(statements().flatMap(({ Action }) => list(Action)));
    expect([...actions].sort()).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:GetObject',
      's3:ListBucket',
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:ReceiveMessage',
    ]);
  });

  test('follow the options', () => {
    const options = { memoryMb: 3008, timeoutSeconds: 20, architecture: 'arm64', variant: 'everyday/0.5-64' };
    templateOf(options).hasResourceProperties('AWS::Lambda::Function', {
      MemorySize: 3008,
      Timeout: 20,
      Architectures: ['arm64'],
      Environment: { Variables: Match.objectLike({ VARIANT: 'everyday/0.5-64' }) },
    });
  });
});

test('bucket and table outlive the stack unless it is told otherwise', () => {
  const policies = (from: Template) =>
    ['AWS::S3::Bucket', 'AWS::DynamoDB::Table'].flatMap((type) =>
      Object.values(from.findResources(type)).map((each) => each.DeletionPolicy),
    );
  expect(policies(template)).toEqual(['Retain', 'Retain']);
  expect(policies(templateOf({ removalPolicy: 'destroy' }))).toEqual(['Delete', 'Delete']);
});

describe('cdk-nag’s AwsSolutions pack', () => {
  const synthesize = (change: (stack: TaggingStack) => void = () => undefined) => {
    const { app, stack } = stackOf();
    change(stack);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    app.synth();
  };

  test('finds nothing that isn’t acknowledged', () => expect(() => synthesize()).not.toThrow());

  test('would find a bucket without protection', () => {
    expect(() => synthesize((stack) => new Bucket(stack, 'Bare'))).toThrow(/Bare[\s\S]*AwsSolutions-S10/);
  });
});

test.each<[string, unknown, RegExp]>([
  ['an unknown option', { memory: 1 }, /unknown memory; there are: .*memoryMb/],
  ['a visibility below six timeouts', { timeoutSeconds: 10, visibilityTimeoutSeconds: 59 }, /six times timeoutSeconds/],
  ['a large batch without a window', { batchSize: 11 }, /batchWindowSeconds/],
  ['a concurrency that AWS refuses', { maxConcurrency: 1 }, /maxConcurrency/],
  ['no JSON', '{', /not JSON/],
])('refuses %s, by name', (_, options, message) => {
  expect(() => parseStackOptions(options)).toThrow(message);
});
