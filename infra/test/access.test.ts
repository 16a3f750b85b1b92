import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { type Json, list, propertiesOf, templateOf } from './stacks.ts';

const template = templateOf();

/**
 * What each function may do, to what, and why. What isn't here is refused by the test: add a line with its reason, and see
 * docs/operations/threat-model.md. Logical ids as the template has them, without their hash.
 */
const RIGHTS: Record<string, Record<string, string>> = {
  TaggingTagImages: {
    'logs:CreateLogStream TaggingTagImagesLogs': 'its own log group',
    'logs:PutLogEvents TaggingTagImagesLogs': 'its own log group',
    's3:GetObject UploadsBucket/*': 'the images; whose keys begin with the prefix, if there is one',
    's3:ListBucket UploadsBucket': 'else a missing key answers 403, and a removed image looks like a fault',
    'dynamodb:GetItem TagsTable': 'what is known of an image',
    'dynamodb:BatchGetItem TagsTable': 'whether an image has its postings',
    'dynamodb:Query TagsTable': 'the names that are listed',
    'dynamodb:PutItem TagsTable': 'records and postings',
    'dynamodb:UpdateItem TagsTable': 'that old postings are dead, or an image unchanged',
    'sqs:ReceiveMessage QueuesLive': 'the event source mapping polls with the role of the function',
    'sqs:DeleteMessage QueuesLive': 'the event source mapping deletes what was done',
    'sqs:GetQueueAttributes QueuesLive': 'the event source mapping asks for it',
    'sqs:GetQueueUrl QueuesLive': 'the CDK grants it along',
    'sqs:ChangeMessageVisibility QueuesLive': 'a message that is handed back returns soon',
    'sqs:ReceiveMessage QueuesBackfill': 'as for the live queue',
    'sqs:DeleteMessage QueuesBackfill': 'as for the live queue',
    'sqs:GetQueueAttributes QueuesBackfill': 'as for the live queue',
    'sqs:GetQueueUrl QueuesBackfill': 'as for the live queue',
    'sqs:ChangeMessageVisibility QueuesBackfill': 'as for the live queue',
  },
  QueriesQueryTags: {
    'logs:CreateLogStream QueriesQueryTagsLogs': 'its own log group',
    'logs:PutLogEvents QueriesQueryTagsLogs': 'its own log group',
    'dynamodb:GetItem TagsTable': 'records by key',
    'dynamodb:BatchGetItem TagsTable': 'records of a page',
    'dynamodb:Query TagsTable': 'postings',
    'dynamodb:GetItem TagsTable/index/*': 'granted with the table',
    'dynamodb:BatchGetItem TagsTable/index/*': 'granted with the table',
    'dynamodb:Query TagsTable/index/*': 'postings by confidence, records by outcome',
    'dynamodb:PutItem TagsTable': "people's corrections; and the key that cursors are signed with, once",
    'dynamodb:UpdateItem TagsTable': 'that the postings from before a correction are dead',
    'sqs:SendMessage QueuesBackfill': 'a correction that a crash cut short is finished by tag-images',
  },
  ReconcilingReconcile: {
    'logs:CreateLogStream ReconcilingReconcileLogs': 'its own log group',
    'logs:PutLogEvents ReconcilingReconcileLogs': 'its own log group',
    's3:ListBucket UploadsBucket': 'the objects that there are; and else a missing key answers 403',
    's3:GetObject UploadsBucket/*': 'HeadObject, which asks whether the object of a record is there, needs it',
    'dynamodb:BatchGetItem TagsTable': 'what is known of the objects of a page, and their postings',
    'dynamodb:Scan TagsTable': 'every image that has a record',
    'dynamodb:GetItem TagsTable': 'a record that can be neither read nor named, before it is removed',
    'dynamodb:PutItem TagsTable': 'that such an image is gone',
    'dynamodb:UpdateItem TagsTable': 'that its postings are dead',
    'sqs:SendMessage QueuesBackfill': 'what the two disagree on',
    'sqs:GetQueueAttributes QueuesBackfill': 'it waits while too many messages do',
  },
  BacklogEnqueueBacklog: {
    'logs:CreateLogStream BacklogEnqueueBacklogLogs': 'its own log group',
    'logs:PutLogEvents BacklogEnqueueBacklogLogs': 'its own log group',
    'sqs:SendMessage QueuesBackfill': 'the objects of a batch',
    'sqs:GetQueueAttributes QueuesBackfill': 'it refuses while too many messages wait',
  },
};

/** The same of the state machines and the schedule. */
const WORKFLOW_RIGHTS: Record<string, Record<string, string>> = {
  ReconcilingComparison: { 'lambda:InvokeFunction ReconcilingReconcileFunction': 'its one step' },
  ReconcilingSchedule: { 'states:StartExecution ReconcilingComparisonMachine': 'from time to time' },
  BacklogBackfill: {
    'lambda:InvokeFunction BacklogEnqueueBacklogFunction': 'a batch',
    's3:ListBucket UploadsBucket': 'the objects that it hands out',
    's3:PutObject BacklogResults/*': 'what each batch did',
    's3:GetObject BacklogResults/*': 'a map run that goes on reads what it wrote',
    's3:ListMultipartUploadParts BacklogResults/*': 'results are written in parts',
    's3:AbortMultipartUpload BacklogResults/*': 'results are written in parts',
    'states:StartExecution stateMachine:Tagmill-Backfill': 'each batch is an execution of its own',
    'states:DescribeExecution execution:Tagmill-Backfill:*': 'it watches them',
    'states:StopExecution execution:Tagmill-Backfill:*': 'it ends them when it is ended',
    'states:RedriveExecution execution:Tagmill-Backfill:*': 'and goes on with those that failed',
    'states:DescribeExecution execution:Tagmill-Backfill/*:*': 'the same of map runs',
    'states:StopExecution execution:Tagmill-Backfill/*:*': 'the same of map runs',
    'states:RedriveExecution execution:Tagmill-Backfill/*:*': 'the same of map runs',
  },
};

/** A resource as it is written above: `UploadsBucket/*`. */
function nameOf(resource: unknown): string {
  const text = JSON.stringify(resource);
  const own = /:((?:stateMachine|execution):[^"]+)"\]\]\}$/.exec(text)?.[1];
  if (own !== undefined) return own;
  const [, id] = /"(?:Fn::GetAtt|Ref)":\[?"(\w+?)[0-9A-F]{8}"/.exec(text) ?? [];
  const below = /"(\/(?:index\/)?)[^"]*"\]\]\}$/.exec(text)?.[1];
  return id === undefined ? text : below === undefined ? id : `${id}${below}*`;
}

function rightsOf(from: Template, functionName: string): string[] {
  const [[, lambda]] = Object.entries(from.findResources('AWS::Lambda::Function')).filter(([id]) =>
    id.startsWith(functionName),
  ) as [[string, Json]];
  return rightsOfRole(from, lambda.Properties.Role['Fn::GetAtt'][0]);
}

function rightsOfRole(from: Template, roleId: string): string[] {
  const statements = propertiesOf(from, 'AWS::IAM::Policy')
    .filter(({ Roles }) => Roles.some((role: Json) => role.Ref === roleId))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement as Json[]);
  const rights = statements.flatMap(({ Action, Resource }) =>
    list(Action).flatMap((action) => [Resource].flat().map((resource) => `${action} ${nameOf(resource)}`)),
  );
  return [...new Set(rights)].sort();
}

describe('a function', () => {
  test.each(Object.keys(RIGHTS))('may do what is justified here, and nothing else: %s', (name) => {
    expect(rightsOf(template, name)).toEqual(Object.keys(RIGHTS[name]!).sort());
  });

  test.each(Object.keys(WORKFLOW_RIGHTS))(
    'is started by what may do what is justified here, and nothing else: %s',
    (name) => {
      const [roleId] = Object.keys(template.findResources('AWS::IAM::Role')).filter((id) =>
        id.startsWith(`${name}Role`),
      );
      expect(rightsOfRole(template, roleId!)).toEqual(Object.keys(WORKFLOW_RIGHTS[name]!).sort());
    },
  );

  test('is justified here, each of them', () => {
    const ids = Object.keys(template.findResources('AWS::Lambda::Function'));
    const names = ids.map((id) => Object.keys(RIGHTS).find((name) => id.startsWith(name)));
    expect(names.sort()).toEqual(Object.keys(RIGHTS).sort());
  });

  test('reads inventories, if there are any, and so may the state machine', () => {
    const inventoried = templateOf({ inventoryBucketName: 'inventories' });
    const [roleId] = Object.keys(inventoried.findResources('AWS::IAM::Role')).filter((id) =>
      id.startsWith('BacklogBackfillRole'),
    );
    const more = (rights: string[], before: Record<string, string>) => rights.filter((right) => !(right in before));
    const added = [
      more(rightsOf(inventoried, 'ReconcilingReconcile'), RIGHTS.ReconcilingReconcile!),
      more(rightsOfRole(inventoried, roleId!), WORKFLOW_RIGHTS.BacklogBackfill!),
      more(rightsOf(inventoried, 'TaggingTagImages'), RIGHTS.TaggingTagImages!),
    ];
    const right = 's3:GetObject {"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},":s3:::inventories/*"]]}';
    expect(added).toEqual([[right], [right], []]);
  });

  test('reads below the prefix only, if there is one', () => {
    const [objects] = propertiesOf(templateOf({ prefix: 'in/' }), 'AWS::IAM::Policy')
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement as Json[])
      .filter(({ Action }) => Action === 's3:GetObject');
    expect(JSON.stringify(objects!.Resource)).toContain('/in/*');
  });

  test('has no right by a wildcard action, nor to every resource, nor by a managed policy', () => {
    for (const role of propertiesOf(template, 'AWS::IAM::Role')) expect(role).not.toHaveProperty('ManagedPolicyArns');
    const statements = propertiesOf(template, 'AWS::IAM::Policy').flatMap(
      ({ PolicyDocument }) => PolicyDocument.Statement as Json[],
    );
    for (const { Action, Resource } of statements) {
      for (const action of list(Action)) expect(action).not.toContain('*');
      for (const resource of list(Resource)) expect(resource).not.toBe('*');
    }
  });

  test('has a role that its service alone can assume, for this account: no role is left', () => {
    const services = Object.values(template.findResources('AWS::IAM::Role')).map(({ Properties }) => {
      const [statement, ...more] = Properties.AssumeRolePolicyDocument.Statement as Json[];
      expect(more).toEqual([]);
      const { Principal, Condition, ...rest } = statement!;
      expect(rest).toEqual({ Action: 'sts:AssumeRole', Effect: 'Allow' });
      if (Principal.Service !== 'lambda.amazonaws.com') {
        expect(Condition).toEqual({ StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } });
      }
      return Principal.Service;
    });
    const machines = ['states.amazonaws.com', 'states.amazonaws.com', 'scheduler.amazonaws.com'];
    expect(services.sort()).toEqual([...Array(4).fill('lambda.amazonaws.com'), ...machines].sort());
  });
});

describe('nothing is public', () => {
  test('the API answers signed requests only, of those that this account lets', () => {
    expect(propertiesOf(template, 'AWS::Lambda::Url').map(({ AuthType }) => AuthType)).toEqual(['AWS_IAM']);
    template.resourceCountIs('AWS::Lambda::Permission', 0);
  });

  test('the bucket blocks all public access', () => {
    for (const { PublicAccessBlockConfiguration } of propertiesOf(template, 'AWS::S3::Bucket')) {
      expect(PublicAccessBlockConfiguration).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
    }
  });

  test.each([{}, { existingBucketName: 'family-photos' }])('no policy lets anyone in but a service: %j', (options) => {
    const documents = ['AWS::S3::BucketPolicy', 'AWS::SQS::QueuePolicy']
      .flatMap((type) => propertiesOf(templateOf(options), type))
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement as Json[]);
    const services = documents.filter(({ Effect }) => Effect === 'Allow').map(({ Principal }) => Principal);
    const service = options.existingBucketName === undefined ? 's3.amazonaws.com' : 'events.amazonaws.com';
    expect(services).toEqual([{ Service: service }]);
  });

  test('S3 may send this bucket’s events, of this account only', () => {
    const allowedBy = (options: Json) =>
      propertiesOf(templateOf(options), 'AWS::SQS::QueuePolicy')
        .flatMap(({ PolicyDocument }) => PolicyDocument.Statement as Json[])
        .filter(({ Effect }) => Effect === 'Allow');
    const statement = (...bucketArn: unknown[]) => ({
      Action: 'sqs:SendMessage',
      Condition: {
        StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
        ArnLike: { 'aws:SourceArn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ...bucketArn]] } },
      },
    });
    // CloudFormation begins the name that it chooses with the stack's.
    expect(allowedBy({})).toEqual([expect.objectContaining(statement(':s3:::tagmill*'))]);
    const long = allowedBy({ stackName: 'Photographs-Of-The-Family' });
    expect(long).toEqual([expect.objectContaining(statement(':s3:::photographs-of-t*'))]);
    const chosen = allowedBy({ uploadBucketName: 'photos-{account}' });
    expect(chosen).toEqual([expect.objectContaining(statement(':s3:::photos-', { Ref: 'AWS::AccountId' }))]);
  });
});

describe('everything is encrypted', () => {
  test('on its way: bucket and queues refuse what comes without TLS', () => {
    const policies = [
      ...propertiesOf(template, 'AWS::S3::BucketPolicy'),
      ...propertiesOf(template, 'AWS::SQS::QueuePolicy'),
    ];
    expect(policies).toHaveLength(5);
    for (const { PolicyDocument } of policies) {
      expect(PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      );
    }
  });

  test('where it lies: the bucket and the queues by their service’s keys; tables and logs always are', () => {
    for (const { BucketEncryption } of propertiesOf(template, 'AWS::S3::Bucket')) {
      const [rule] = BucketEncryption.ServerSideEncryptionConfiguration;
      expect(rule.ServerSideEncryptionByDefault).toEqual({ SSEAlgorithm: 'AES256' });
    }
    const queues = propertiesOf(template, 'AWS::SQS::Queue').map(({ SqsManagedSseEnabled }) => SqsManagedSseEnabled);
    expect(queues).toEqual([true, true, true]);
  });
});

test('no secret is in an environment', () => {
  for (const { Environment } of propertiesOf(template, 'AWS::Lambda::Function')) {
    expect(Object.keys(Environment.Variables).filter((name) => /SECRET|TOKEN|PASSWORD|_KEY$/.test(name))).toEqual([]);
  }
});

test('the threat model names what each function may do to the table', () => {
  const page = fs.readFileSync(path.join(import.meta.dirname, '../../docs/operations/threat-model.md'), 'utf8');
  const [, row] = /^\| DynamoDB \|(.*)\|$/m.exec(page)!;
  const stated = row!.split('|').map((cell) => cell.trim().split(', ').sort());
  const actions = Object.values(RIGHTS).map((rights) => {
    const named = Object.keys(rights).flatMap((right) => /^dynamodb:(\w+)/.exec(right)?.[1] ?? []);
    return named.length === 0 ? ['nothing'] : [...new Set(named)].sort();
  });
  expect(stated).toEqual(actions);
});
