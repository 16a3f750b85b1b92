import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { type FunctionFolders, TaggingPipeline, type TaggingPipelineProps } from '@tagmill/cdk';
import { App, type CfnElement, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket, EventType } from 'aws-cdk-lib/aws-s3';
import { SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Construct } from 'constructs';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'function-'));
fs.writeFileSync(path.join(folder, 'index.mjs'), 'export const handler = async () => ({});');
const functions: FunctionFolders = {
  tagImages: folder,
  queryTags: folder,
  reconcile: folder,
  enqueueBackfill: folder,
};

function makeStack(): Stack {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'assembly-'));
  return new Stack(new App({ outdir, analyticsReporting: false }), 'Photos');
}

function addPipeline(stack: Stack, id: string, props: TaggingPipelineProps = {}): TaggingPipeline {
  return new TaggingPipeline(stack, id, { functions, ...props });
}

test('two pipelines in one stack call their alarms, state machines and metrics by names of their own', () => {
  const stack = makeStack();
  const pipelines = [addPipeline(stack, 'Tags'), addPipeline(stack, 'Others', { name: 'Mine' })];
  const template = Template.fromStack(stack);
  for (const type of ['AWS::CloudWatch::Alarm', 'AWS::StepFunctions::StateMachine']) {
    const names = Object.values(template.findResources(type)).map(
      ({ Properties }) => Properties.AlarmName ?? Properties.StateMachineName,
    );
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => name.startsWith('Mine-'))).toHaveLength(names.length / 2);
  }
  const namespaces = pipelines.map((each) => each.metric('taggedImages').namespace);
  expect(namespaces[1]).toBe('tagmill/Mine');
  expect(namespaces[0]).toMatch(/^tagmill\/PhotosTags/);
});

test('a bucket of the same stack tells the queue of the keys that are chosen', () => {
  const stack = makeStack();
  const bucket = new Bucket(stack, 'Bucket');
  expect(addPipeline(stack, 'Tags', { bucket, prefix: 'in/' }).bucket).toBe(bucket);
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::S3::Bucket', 2); // theirs, and the one that a backfill writes its results to
  template.hasResourceProperties('AWS::S3::Bucket', {
    NotificationConfiguration: {
      QueueConfigurations: Match.arrayWith([
        Match.objectLike({
          Event: 's3:ObjectCreated:*',
          Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'in/' }] } },
        }),
      ]),
    },
  });
});

test('a bucket with notifications of its own is refused, whether they were added before or after', () => {
  const fault = /Photos\/Bucket has event notifications of its own/;
  const before = makeStack();
  const bucket = new Bucket(before, 'Bucket');
  bucket.addEventNotification(EventType.OBJECT_CREATED, new SqsDestination(new Queue(before, 'Queue')));
  expect(() => addPipeline(before, 'Tags', { bucket })).toThrow(fault);

  const after = makeStack();
  const other = new Bucket(after, 'Bucket');
  addPipeline(after, 'Tags', { bucket: other });
  other.addEventNotification(EventType.OBJECT_CREATED, new SqsDestination(new Queue(after, 'Queue')));
  expect(() => Template.fromStack(after)).toThrow(fault);
});

test('a bucket of another stack is heard by EventBridge', () => {
  const stack = makeStack();
  addPipeline(stack, 'Tags', { bucket: Bucket.fromBucketName(stack, 'Theirs', 'holiday-photos'), suffix: '.jpg' });
  Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { detail: { bucket: { name: ['holiday-photos'] } } },
  });
});

test('whoever is granted queries may call the API, and nothing else', () => {
  const stack = makeStack();
  const asker = new Role(stack, 'Asker', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  addPipeline(stack, 'Tags').grantQuery(asker);
  const policies = Template.fromStack(stack).findResources('AWS::IAM::Policy', {
    Properties: { Roles: [{ Ref: stack.getLogicalId(asker.node.defaultChild as never) }] },
  });
  const statements = Object.values(policies).flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  expect(statements.map(({ Action, Condition }) => [Action, Condition])).toEqual([
    ['lambda:InvokeFunctionUrl', { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } }],
    ['lambda:InvokeFunction', { Bool: { 'lambda:InvokedViaFunctionUrl': true } }],
  ]);
});

test('all alarms tell the topic that is given', () => {
  const stack = makeStack();
  const topic = new Topic(stack, 'Topic');
  const { alarms } = addPipeline(stack, 'Tags', { alarmTopic: topic });
  const told = Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm', {
    Properties: { AlarmActions: [stack.resolve(topic.topicArn)] },
  });
  expect(alarms.length).toBeGreaterThan(0);
  expect(Object.keys(told)).toHaveLength(alarms.length);
});

test.each([
  [
    { bucketname: 'x' },
    'TaggingPipeline: unknown bucketname; there are: bucket, alarmTopic, name, functions, architecture',
  ],
  [{ topN: 0 }, 'TaggingPipeline: topN: '],
  [{ existingBucketName: 'mine' }, 'a construct takes a name, a bucket and an alarmTopic'],
  [{ rules: 'rules.yaml' }, 'TaggingPipeline: unknown rules; there are: '],
  [{ budget: 50 }, 'TaggingPipeline: unknown budget; there are: '],
  [{ name: '1st' }, 'name: 1st must begin with a letter'],
])('%j is refused by name', (props, message) => {
  expect(() => addPipeline(makeStack(), 'Tags', props as TaggingPipelineProps)).toThrow(message);
});

test("without the functions' package the error says what to install", () => {
  const architecture = 'arm64';
  expect(() => new TaggingPipeline(makeStack(), 'Tags', { architecture })).toThrow(
    /npm install @tagmill\/lambda-arm64@\d/,
  );
});

test("a family that the functions' packages are without is refused", () => {
  expect(() => new TaggingPipeline(makeStack(), 'Tags', { family: 'imagenet' })).toThrow(
    "The functions' packages hold everyday, not imagenet",
  );
});

test('exposes its table, functions and queues, which a stack may hang things of its own on', () => {
  const stack = makeStack();
  const { table, tagImages, queryTags, queues } = addPipeline(stack, 'Tags');
  const idOf = ({ node }: Construct) => stack.getLogicalId(node.defaultChild as CfnElement);
  const { Resources } = Template.fromStack(stack).toJSON();
  expect(Resources[idOf(table)].Type).toBe('AWS::DynamoDB::Table');
  const variables = (each: Construct) => Resources[idOf(each)].Properties.Environment.Variables;
  expect(variables(tagImages)).toMatchObject({
    POWERTOOLS_SERVICE_NAME: 'tag-images',
    TABLE_NAME: { Ref: idOf(table) },
  });
  expect(variables(queryTags)).toMatchObject({ POWERTOOLS_SERVICE_NAME: 'query-tags' });
  const { live, backfill, deadLetters } = queues;
  expect(idOf(live)).not.toBe(idOf(backfill));
  for (const queue of [live, backfill]) {
    const { deadLetterTargetArn } = Resources[idOf(queue)].Properties.RedrivePolicy;
    expect(deadLetterTargetArn).toEqual({ 'Fn::GetAtt': [idOf(deadLetters), 'Arn'] });
  }
});

test('gives a metric that a stack can put an alarm of its own on', () => {
  const stack = makeStack();
  const metric = addPipeline(stack, 'Tags', { name: 'Mine' }).metric('rejectedImages');
  metric.createAlarm(stack, 'Own', { alarmName: 'too-many-rejected', threshold: 5, evaluationPeriods: 1 });
  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'too-many-rejected',
    Metrics: [
      Match.objectLike({
        MetricStat: {
          Metric: Match.objectLike({ Namespace: 'tagmill/Mine', MetricName: 'rejectedImages' }),
          Stat: 'Sum',
          Period: 300,
        },
      }),
    ],
  });
});

test('budget rules go into the function’s bundle, and budget and family into its environment', () => {
  const stack = makeStack();
  const budgetRules = [{ prefix: 'urgent/', latencyMs: 50 }];
  addPipeline(stack, 'Tags', { latencyBudgetMs: 250, family: 'imagenet', budgetRules });
  const { directory } = App.of(stack)!.synth();
  const [file] = fs.globSync(path.join(directory, 'asset.*/budget-rules.json'));
  expect(JSON.parse(fs.readFileSync(file!, 'utf8'))).toEqual(budgetRules);
  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ LATENCY_BUDGET_MS: '250', FAMILY: 'imagenet' }) },
  });
});

test('cdk-nag finds nothing in two pipelines, and would in a bucket beside them', () => {
  const synthesize = (stack: Stack) => {
    const app = stack.node.root as App;
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    app.synth();
  };
  const clean = makeStack();
  addPipeline(clean, 'Tags');
  addPipeline(clean, 'Others', { name: 'Mine', alarmTopic: new Topic(clean, 'Topic', { enforceSSL: true }) });
  expect(() => synthesize(clean)).not.toThrow();
  const other = makeStack();
  new Bucket(other, 'Bucket');
  expect(() => synthesize(other)).toThrow(/AwsSolutions-S10/);
});
