import { describe, expect, test } from '@jest/globals';
import type { TaggingStack } from '@tagmill/cdk';
import { TABLE_SCHEMA } from '@tagmill/tag-store';
import { Validations } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { type Json, propertiesOf, stackOf, templateOf } from './stacks.ts';

const template = templateOf();
const all = (type: string, from = template) => propertiesOf(from, type);

test('the table is the one that tag-store describes, on demand, with point-in-time recovery', () => {
  const [table] = all('AWS::DynamoDB::Table');
  expect(table).toMatchObject({
    BillingMode: 'PAY_PER_REQUEST',
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    TimeToLiveSpecification: { AttributeName: TABLE_SCHEMA.timeToLiveAttribute, Enabled: true },
  });
  const keys = ({ partitionKey, sortKey }: { partitionKey: string; sortKey: string }) => [
    { AttributeName: partitionKey, KeyType: 'HASH' },
    { AttributeName: sortKey, KeyType: 'RANGE' },
  ];
  expect(table!.KeySchema).toEqual(keys(TABLE_SCHEMA));
  expect(table!.GlobalSecondaryIndexes).toEqual(
    TABLE_SCHEMA.indexes.map((index) => ({
      IndexName: index.name,
      KeySchema: keys(index),
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: index.nonKeyAttributes },
    })),
  );
});

test('says where everything is', () => {
  expect(Object.keys(template.findOutputs('*')).sort()).toEqual([
    'ApiUrl',
    'BackfillQueueUrl',
    'BackfillWorkflowArn',
    'DeadLetterQueueUrl',
    'EnqueueBacklogFunctionName',
    'QueueUrl',
    'ReconcileFunctionName',
    'ReconcileWorkflowArn',
    'TableName',
    'UploadBucketName',
  ]);
});

test('consists of what the local stack runs or knows to skip', () => {
  const types = Object.values(template.toJSON().Resources as Json).map(({ Type }) => Type);
  expect([...new Set(types)].sort()).toEqual([
    'AWS::CloudWatch::Alarm',
    'AWS::CloudWatch::Dashboard',
    'AWS::DynamoDB::Table',
    'AWS::IAM::Policy',
    'AWS::IAM::Role',
    'AWS::Lambda::EventSourceMapping',
    'AWS::Lambda::Function',
    'AWS::Lambda::Url',
    'AWS::Logs::LogGroup',
    'AWS::S3::Bucket',
    'AWS::S3::BucketPolicy',
    'AWS::SQS::Queue',
    'AWS::SQS::QueuePolicy',
    'AWS::Scheduler::Schedule',
    'AWS::StepFunctions::StateMachine',
  ]);
});

test('buckets and table outlive the stack, but not a first deployment that is rolled back, unless it is told otherwise', () => {
  const policies = (from: Template) =>
    ['AWS::S3::Bucket', 'AWS::DynamoDB::Table'].flatMap((type) =>
      Object.values(from.findResources(type)).map((each) => each.DeletionPolicy),
    );
  const retained = 'RetainExceptOnCreate';
  expect(policies(template)).toEqual([retained, retained, retained]);
  expect(policies(templateOf({ removalPolicy: 'destroy' }))).toEqual(['Delete', 'Delete', 'Delete']);
});

describe('cdk-nag’s AwsSolutions pack', () => {
  const synthesize = (options: Json = {}, change: (stack: TaggingStack) => void = () => undefined) => {
    const { app, stack } = stackOf(options);
    change(stack);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    app.synth();
  };

  test.each<[string, Json]>([
    ['the defaults', {}],
    ['filters', { prefix: 'in/', suffix: '.jpg' }],
    ['filters of special characters', { prefix: "it's [my] #1 (año=2026) фото/", suffix: ' {é}.jpg' }],
    ['inventories', { inventoryBucketName: 'inventories' }],
    ['an existing bucket', { existingBucketName: 'family-photos', prefix: 'in/' }],
  ])('finds nothing that isn’t acknowledged, with %s', (_, options) => {
    expect(() => synthesize(options)).not.toThrow();
  });

  test('would find a bucket without protection', () => {
    expect(() => synthesize({}, (stack) => new Bucket(stack, 'Bare'))).toThrow(/Bare[\s\S]*AwsSolutions-S10/);
  });
});
