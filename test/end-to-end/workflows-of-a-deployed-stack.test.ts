import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { startTagmill } from '../helpers/command.ts';
import { type Cloud, startCloud } from '../helpers/deployed-stack.ts';

jest.setTimeout(60_000);

const ENVIRONMENT = [
  'AWS_REGION',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_ENDPOINT_URL',
  'AWS_ENDPOINT_URL_SQS',
  'AWS_ENDPOINT_URL_S3',
];
const before = Object.fromEntries(ENVIRONMENT.map((name) => [name, process.env[name]]));

let aws: FauxqsServer;
let cloud: Cloud;
let server: { url: string; close: () => void };

beforeAll(async () => {
  aws = await startFauxqs({ port: 0, logger: false });
  for (const name of ['live', 'backfill', 'dead']) aws.createQueue(name);
  aws.createBucket('photos');
  server = await startCloud(() => cloud);
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
    AWS_ENDPOINT_URL: server.url,
    AWS_ENDPOINT_URL_SQS: aws.address,
    AWS_ENDPOINT_URL_S3: aws.address,
  });
});
afterAll(async () => {
  for (const name of ENVIRONMENT) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  server?.close();
  await aws?.stop();
});
let asked: { operation: string; input: any }[];
beforeEach(() => {
  asked = [];
  const arn = (name: string) => `arn:aws:states:eu-west-1:000000000000:stateMachine:${name}`;
  cloud = {
    outputs: (url) => ({
      QueueUrl: `${aws.address}/000000000000/live`,
      BackfillQueueUrl: `${aws.address}/000000000000/backfill`,
      DeadLetterQueueUrl: `${aws.address}/000000000000/dead`,
      UploadBucketName: 'photos',
      TableName: 'tags',
      ApiUrl: `${url}/api/`,
      ReconcileWorkflowArn: arn('Tagmill-Comparison'),
      BackfillWorkflowArn: arn('Tagmill-Backfill'),
    }),
    resources: [],
    alarms: [],
    mappings: {},
    agesInSeconds: {},
    statistics: { latencyMs: { p90: 40 } },
    asked,
  };
});

/** Not synchronously: this process answers it. */
async function run(...args: string[]) {
  const command = startTagmill(...args, '--stack', 'Tagmill');
  const [stdout, stderr, [code]] = await Promise.all([
    text(command.stdout!),
    text(command.stderr!),
    once(command, 'exit'),
  ]);
  return { code, stdout, stderr };
}

describe('tagmill backfill --stack', () => {
  test('says how much there is and what it costs, and starts nothing until it is told to', async () => {
    const { code, stdout, stderr } = await run('backfill', 's3://photos/old/');
    expect(stderr).toMatch(
      /^0 objects, 0\.0 GB below s3:\/\/photos\/old\/\nTo tag 0 images costs at most some less than a cent/,
    );
    expect(stdout).toBe('Nothing was started: --yes starts it\n');
    expect({ code, asked }).toEqual({ code: 0, asked: [] });
  });

  test('starts the state machine with the prefix, and says how to go on', async () => {
    cloud.execution = { status: 'RUNNING' };
    const { stdout } = await run('backfill', 's3://photos/old/', '--yes');
    expect(asked).toMatchObject([{ operation: 'StartExecution', input: { input: '{"prefix":"old/"}' } }]);
    expect(asked[0]!.input.stateMachineArn).toMatch(/Tagmill-Backfill$/);
    expect(stdout).toMatch(/--resume arn:aws:states:/);
  });

  test('goes on with an execution that failed', async () => {
    cloud.execution = { status: 'RUNNING' };
    const { code } = await run('backfill', 's3://photos/', '--resume', 'arn:aws:states:x');
    expect(asked).toMatchObject([{ operation: 'RedriveExecution', input: { executionArn: 'arn:aws:states:x' } }]);
    expect(code).toBe(0);
  });

  test('knows the stack’s bucket only, and what is not for it', async () => {
    expect(await run('backfill', 's3://other/')).toMatchObject({ code: 2, stderr: expect.stringContaining('photos') });
    expect(await run('backfill', 's3://photos/', '--start-after', 'a')).toMatchObject({ code: 2 });
    expect(asked).toEqual([]);
  });
});

describe('tagmill reconcile --stack', () => {
  test('starts the comparison, waits for it and prints what it found', async () => {
    cloud.execution = {
      status: 'SUCCEEDED',
      output: { state: { phase: 'done', report: { objects: 9, records: 8, missing: 2, gone: 1 } } },
    };
    const { code, stdout } = await run('reconcile', '--grace-minutes', '5');
    expect(asked[0]).toMatchObject({ operation: 'StartExecution', input: { input: '{"graceSeconds":300}' } });
    expect(stdout).toContain('9 objects and 8 records compared\n3 enqueued: 2 missing');
    expect(code).toBe(0);
  });

  test('says in a line why it failed, or was put off', async () => {
    cloud.execution = { status: 'FAILED', error: 'TagmillError', cause: 'S3: AccessDenied' };
    expect(await run('reconcile')).toMatchObject({ code: 1, stderr: expect.stringMatching(/FAILED.*AccessDenied/) });
    cloud.execution = { status: 'SUCCEEDED', output: { state: { phase: 'done', postponed: true } } };
    expect(await run('reconcile')).toMatchObject({ code: 1, stderr: expect.stringContaining('A backfill is running') });
  });

  test('asks for a new deployment of a stack that has no such state machine', async () => {
    const { outputs } = cloud;
    cloud.outputs = (url) => {
      const { ReconcileWorkflowArn: _, ...rest } = outputs(url);
      return rest;
    };
    expect(await run('reconcile')).toMatchObject({ code: 1, stderr: expect.stringContaining('deploy it anew') });
  });
});
