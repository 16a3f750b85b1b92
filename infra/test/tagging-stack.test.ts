import { describe, expect, test } from '@jest/globals';
import { LARGE_PAGES } from '@tagmill/core';
import { TABLE_SCHEMA } from '@tagmill/tag-store';
import { Validations } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { QueueFullError } from '../../functions/enqueue-backlog/src/enqueue-backlog.ts';
import { settingsSchema as enqueueSettings } from '../../functions/enqueue-backlog/src/settings.ts';
import { settingsSchema as querySettings } from '../../functions/query-tags/src/settings.ts';
import { settingsSchema as reconcileSettings } from '../../functions/reconcile/src/settings.ts';
import { settingsSchema } from '../../functions/tag-images/src/settings.ts';
import type { TaggingStack } from '../tagging-stack.ts';
import { type Json, list, propertiesOf, stackOf, templateOf } from './stacks.ts';

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

describe('the functions', () => {
  test('run on Node 24, each with a log group that forgets', () => {
    const functions = all('AWS::Lambda::Function');
    expect(new Set(functions.map(({ Runtime }) => Runtime))).toEqual(new Set(['nodejs24.x']));
    const groups = functions.map(({ LoggingConfig }) => LoggingConfig.LogGroup.Ref);
    expect(groups.sort()).toEqual(Object.keys(template.findResources('AWS::Logs::LogGroup')).sort());
    for (const { RetentionInDays } of all('AWS::Logs::LogGroup')) expect(RetentionInDays).toBe(30);
    const forgetful = all('AWS::Logs::LogGroup', templateOf({ logRetentionDays: 7 }));
    for (const { RetentionInDays } of forgetful) expect(RetentionInDays).toBe(7);
  });

  test('get the settings that they parse, and no others', () => {
    const given = Object.fromEntries(
      all('AWS::Lambda::Function').map(({ Environment: { Variables } }) => [
        Variables.POWERTOOLS_SERVICE_NAME,
        Object.keys(Variables).filter((name) => !/^(POWERTOOLS|ORT|GLIBC)_/.test(name)),
      ]),
    );
    const parsed = {
      'tag-images': settingsSchema.entries,
      'query-tags': querySettings.shape,
      reconcile: reconcileSettings.entries,
      'enqueue-backlog': enqueueSettings.entries,
    };
    // One of FAMILY and VARIANT, rules if there are any; the others are Lambda's.
    const more = ['VARIANT', 'BUDGET_RULES_FILE', 'LAMBDA_TASK_ROOT', 'AWS_LAMBDA_FUNCTION_MEMORY_SIZE'];
    for (const [name, shape] of Object.entries(parsed)) {
      const expected = Object.keys(shape).filter((setting) => !more.includes(setting));
      expect({ name, given: given[name]!.sort() }).toEqual({ name, given: expected.sort() });
    }
    expect(Object.keys(given).sort()).toEqual(Object.keys(parsed).sort());
  });

  test('of images ask for memory in large pages', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ POWERTOOLS_SERVICE_NAME: 'tag-images', ...LARGE_PAGES }) },
    });
  });

  test('report nothing to the maker of ONNX Runtime', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ ORT_DISABLE_TELEMETRY: '1' }) },
    });
  });

  test('wait for the rights that they and their event sources need', () => {
    for (const [id, { Properties, DependsOn }] of Object.entries(template.findResources('AWS::Lambda::Function'))) {
      const policies = Object.entries(template.findResources('AWS::IAM::Policy'))
        .filter(([, policy]) => policy.Properties.Roles[0].Ref === Properties.Role['Fn::GetAtt'][0])
        .map(([name]) => name);
      expect([id, DependsOn]).toEqual([id, expect.arrayContaining(policies)]);
    }
  });

  test('follow the options', () => {
    const budgetRules = [{ prefix: 'urgent/', latencyMs: 50 }];
    templateOf({
      memoryMb: 3008,
      timeoutSeconds: 20,
      architecture: 'arm64',
      variant: 'everyday/0.5-96',
      latencyBudgetMs: 250,
      budgetRules,
      topN: 3,
      minConfidence: 0.2,
      maxBytes: 1000,
      maxPixels: 2000,
      maxReceiveCount: 4,
    }).hasResourceProperties('AWS::Lambda::Function', {
      MemorySize: 3008,
      Timeout: 20,
      Architectures: ['arm64'],
      Environment: {
        Variables: Match.objectLike({
          VARIANT: 'everyday/0.5-96',
          QUEUE_TARGET_AGE_SECONDS: '300',
          LATENCY_BUDGET_MS: '250',
          BUDGET_RULES_FILE: 'budget-rules.json',
          TOP_N: '3',
          MIN_CONFIDENCE: '0.2',
          MAX_BYTES: '1000',
          MAX_PIXELS: '2000',
          MAX_RECEIVE_COUNT: '4',
        }),
      },
    });
  });
});

describe('the state machines', () => {
  const definitions = new Map(
    all('AWS::StepFunctions::StateMachine').map(({ StateMachineName, ...machine }) => [
      StateMachineName,
      machine.Definition ?? JSON.parse(machine.DefinitionString),
    ]),
  );

  test('compare once a day by default, or as the option says', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(24 hours)' });
    const [schedule] = all('AWS::Scheduler::Schedule');
    expect(schedule!.Target.Arn['Fn::GetAtt'][0]).toMatch(/^ReconcilingComparisonMachine/);
    const hourly = templateOf({ reconcileEveryHours: 1 });
    hourly.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(1 hour)' });
    const weekly = templateOf({ reconcileEveryHours: 168 });
    weekly.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(168 hours)' });
  });

  test('go on with each step’s answer until it is done, and wait where it says so', () => {
    const { Compare, IsDone, WaitForRoom } = definitions.get('Tagmill-Comparison').States;
    expect(Compare).toMatchObject({ OutputPath: '$.Payload', Next: 'IsDone' });
    expect(Compare.Parameters['Payload.$']).toBe('$');
    expect(IsDone).toMatchObject({ Default: 'Compare', Choices: [{ Next: 'Done' }, { Next: 'WaitForRoom' }] });
    expect(WaitForRoom).toMatchObject({ SecondsPath: '$.state.waitSeconds', Next: 'Compare' });
  });

  test('list the bucket, and try a batch for as long as the queue is full, by the name of the function’s error', () => {
    const { EnqueueAll } = definitions.get('Tagmill-Backfill').States;
    expect(EnqueueAll.ItemReader.Parameters).toHaveProperty(['Prefix.$'], '$.prefix');
    expect(EnqueueAll.ItemBatcher.MaxInputBytesPerBatch).toBeLessThanOrEqual(256 * 1024);
    expect(EnqueueAll.ItemProcessor.ProcessorConfig).toEqual({ Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' });
    const [whileFull] = EnqueueAll.ItemProcessor.States.EnqueueBatch.Retry;
    expect(whileFull).toMatchObject({ ErrorEquals: [new QueueFullError().name], MaxAttempts: 99_999_999 });
    expect(EnqueueAll.ResultWriter.Resource).toBeDefined();
  });

  test('read an inventory in place of the listing, where the option names a bucket of inventories', () => {
    const [machine] = all(
      'AWS::StepFunctions::StateMachine',
      templateOf({ inventoryBucketName: 'inventories' }),
    ).filter(({ StateMachineName }) => StateMachineName === 'Tagmill-Backfill');
    const { StartAt, States } = machine!.Definition;
    expect(States[StartAt]).toMatchObject({
      Choices: [{ Variable: '$.inventory', IsPresent: true, Next: 'EnqueueInventory' }],
      Default: 'EnqueueAll',
    });
    const { ItemReader, ItemBatcher, ...rest } = States.EnqueueInventory;
    expect(ItemReader).toEqual({
      ReaderConfig: { InputType: 'MANIFEST' },
      Resource: States.EnqueueAll.ItemReader.Resource && {
        'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':states:::s3:getObject']],
      },
      Parameters: { Bucket: 'inventories', 'Key.$': '$.inventory.key' },
    });
    expect(ItemBatcher.BatchInput).toEqual({ 'prefix.$': '$.prefix' });
    const { ItemReader: _, ItemBatcher: __, ...listing } = States.EnqueueAll;
    expect(rest).toEqual(listing);
  });
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
