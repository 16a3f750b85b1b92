import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { destroy } from '../src/commands/destroy.ts';

const CLOUDFORMATION = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';
const STACK_ID = 'arn:aws:cloudformation:eu-west-1:123456789012:stack/Tagmill/1';

const RESOURCES: readonly [id: string, type: string, name: string][] = [
  ['Uploads', 'AWS::S3::Bucket', 'uploads'],
  ['Results', 'AWS::S3::Bucket', 'results'],
  ['Table', 'AWS::DynamoDB::Table', 'tags'],
  ['Live', 'AWS::SQS::Queue', 'https://sqs.eu-west-1.amazonaws.com/123456789012/live'],
  ['Source', 'AWS::Lambda::EventSourceMapping', 'uuid'],
  ['Machine', 'AWS::StepFunctions::StateMachine', 'arn:aws:states:eu-west-1:123456789012:stateMachine:Backfill'],
];

/** The stack's own, and one that others have added. */
const QUEUES = ['live', 'theirs'].map((name) => `arn:aws:sqs:eu-west-1:123456789012:${name}`);
const CONFIGURATIONS = QUEUES.map(
  (arn) => `<QueueConfiguration><Event>s3:ObjectCreated:*</Event><Queue>${arn}</Queue></QueueConfiguration>`,
);
const NOTIFICATIONS = `<NotificationConfiguration>${CONFIGURATIONS.join('')}</NotificationConfiguration>`;

let server: Server;
/** What was asked of AWS, in its order. */
let asked: string[];
let policies: Record<string, string>;
let description: string;
let statuses: string[];
let printed: { stdout: string; stderr: string };

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const body = await text(request);
    const { operation, answer } = answerTo(request, body);
    asked.push(operation);
    response.end(answer);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
  });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = [];
  policies = { Uploads: 'Delete', Results: 'Delete', Table: 'Delete' };
  description = 'tagmill: tags images';
  statuses = ['CREATE_COMPLETE', 'DELETE_COMPLETE'];
  printed = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    jest.spyOn(process[stream], 'write').mockImplementation((line) => {
      printed[stream] += line;
      return true;
    });
  }
});
afterEach(() => {
  jest.restoreAllMocks();
});

function answerTo({ method, url, headers }: IncomingMessage, body: string): { operation: string; answer: string } {
  const target = String(headers['x-amz-target'] ?? '').split('.')[1];
  if (target === 'ListExecutions')
    return { operation: target, answer: '{"executions":[{"executionArn":"arn:of:execution"}]}' };
  if (target) return { operation: `${target} ${JSON.parse(body).executionArn}`, answer: '{}' };
  const action = new URLSearchParams(body).get('Action');
  if (action) return { operation: action, answer: cloudFormationAnswer(action) };
  if (url!.startsWith('/2015-03-31/event-source-mappings/'))
    return { operation: `${method} mapping ${url!.split('/')[3]} ${body}`, answer: '{}' };
  const { pathname, searchParams } = new URL(url!, 'http://s3.local');
  const kind = [...searchParams.keys()].find((name) =>
    ['versions', 'uploads', 'delete', 'notification'].includes(name),
  );
  const isFull = kind === 'versions' && !asked.includes(`POST ${pathname.replaceAll('/', '')} delete`);
  const version = '<Version><Key>a.jpg</Key><VersionId>1</VersionId></Version>';
  return {
    operation:
      `${method} ${pathname.replaceAll('/', '')} ${kind} ${[...body.matchAll(/arn:aws:[^<]+/g)].join(' ')}`.trim(),
    answer: kind === 'notification' ? NOTIFICATIONS : `<Result>${isFull ? version : ''}</Result>`,
  };
}

function cloudFormationAnswer(action: string): string {
  const results: Record<string, () => string> = {
    DescribeStacks: () =>
      `<Stacks><member><StackId>${STACK_ID}</StackId><StackName>Tagmill</StackName><Description>${description}</Description>
      <CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>${statuses.shift()}</StackStatus></member></Stacks>`,
    GetTemplate: () => {
      const resources = RESOURCES.map(([id, Type]) => [id, { Type, DeletionPolicy: policies[id] }]);
      return `<TemplateBody>${JSON.stringify({ Resources: Object.fromEntries(resources) })}</TemplateBody>`;
    },
    ListStackResources: () =>
      `<StackResourceSummaries>${RESOURCES.map(
        ([id, type, name]) =>
          `<member><LogicalResourceId>${id}</LogicalResourceId><ResourceType>${type}</ResourceType>
          <PhysicalResourceId>${name}</PhysicalResourceId><LastUpdatedTimestamp>2026-01-01T00:00:00Z</LastUpdatedTimestamp>
          <ResourceStatus>${id === 'Results' && asked.includes('DeleteStack') ? 'DELETE_FAILED' : 'CREATE_COMPLETE'}</ResourceStatus>
          <ResourceStatusReason>not empty</ResourceStatusReason></member>`,
      ).join('')}</StackResourceSummaries>`,
    DeleteStack: () => '',
  };
  return `<${action}Response xmlns="${CLOUDFORMATION}"><${action}Result>${results[action]!()}</${action}Result></${action}Response>`;
}

const READING = ['DescribeStacks', 'GetTemplate', 'ListStackResources'];
const STOPPING = [
  'GET uploads notification',
  `PUT uploads notification ${QUEUES[1]}`,
  'GET results notification',
  `PUT results notification ${QUEUES[1]}`,
  'PUT mapping uuid {"Enabled":false}',
  'ListExecutions',
  'StopExecution arn:of:execution',
];
const emptying = (bucket: string) => [
  `GET ${bucket} versions`,
  `POST ${bucket} delete`,
  `GET ${bucket} versions`,
  `GET ${bucket} uploads`,
];

describe('tagmill destroy', () => {
  test('only says what would go and what would stay, until it is told to', async () => {
    policies.Table = 'RetainExceptOnCreate';
    await destroy({ stack: 'Tagmill' });
    expect(asked).toEqual(READING);
    expect(printed).toEqual({
      stderr: 'Deleted with all that is in them: bucket uploads, bucket results\nKept: table tags\n',
      stdout: 'Nothing was deleted: --yes deletes it\n',
    });
  });

  test('stops events before it empties the buckets, and empties them before it deletes the stack', async () => {
    await destroy({ stack: 'Tagmill', yes: true });
    const deleting = ['DeleteStack', 'DescribeStacks'];
    expect(asked).toEqual([...READING, ...STOPPING, ...emptying('uploads'), ...emptying('results'), ...deleting]);
    expect(printed.stdout).toBe('Tagmill is deleted; kept: nothing\n');
  });

  test.each(['Retain', 'RetainExceptOnCreate'])(
    'leaves the objects of a bucket alone whose policy is %s',
    async (policy) => {
      policies.Uploads = policy;
      await destroy({ stack: 'Tagmill', yes: true });
      expect(asked.filter((each) => each.includes(' uploads '))).toEqual(STOPPING.slice(0, 2));
      expect(printed.stdout).toBe('Tagmill is deleted; kept: bucket uploads\n');
    },
  );

  test('says which resource CloudFormation could not delete, and why', async () => {
    statuses = ['CREATE_COMPLETE', 'DELETE_FAILED'];
    await expect(destroy({ stack: 'Tagmill', yes: true })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('The stack is not deleted. Results: not empty'),
    });
  });

  test('refuses a stack that isn’t tagmill’s', async () => {
    description = 'somebody’s photos';
    await expect(destroy({ stack: 'Tagmill', yes: true })).rejects.toMatchObject({ code: 'not-found' });
    expect(asked).toEqual(['DescribeStacks']);
  });
});
