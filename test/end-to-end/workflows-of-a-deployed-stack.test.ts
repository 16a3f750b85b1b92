import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type Cloud, startDeployedStack } from '../helpers/deployed-stack.ts';
import { inventoryObjects } from '../helpers/inventory.ts';

jest.setTimeout(60_000);

let cloud: Cloud;
let stack: Awaited<ReturnType<typeof startDeployedStack>>;

beforeAll(async () => {
  stack = await startDeployedStack(() => cloud);
});
afterAll(() => stack?.close());
let asked: { operation: string; input: any }[];
beforeEach(() => {
  asked = [];
  const arn = (name: string) => `arn:aws:states:eu-west-1:000000000000:stateMachine:${name}`;
  cloud = {
    outputs: (url) => ({
      ...stack.outputs(url),
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

describe('tagmill backfill --stack', () => {
  test('says how much there is and what it costs, and starts nothing until it is told to', async () => {
    const { code, stdout, stderr } = await stack.run('backfill', 's3://photos/old/');
    expect(stderr).toMatch(
      /^0 objects, 0\.0 GB below s3:\/\/photos\/old\/\nTo tag 0 images costs at most some less than a cent/,
    );
    expect(stdout).toBe('Nothing was started: --yes starts it\n');
    expect({ code, asked }).toEqual({ code: 0, asked: [] });
  });

  test('starts the state machine with the prefix, and says how to go on', async () => {
    cloud.execution = { status: 'RUNNING' };
    const { stdout } = await stack.run('backfill', 's3://photos/old/', '--yes');
    expect(asked).toMatchObject([{ operation: 'StartExecution', input: { input: '{"prefix":"old/"}' } }]);
    expect(asked[0]!.input.stateMachineArn).toMatch(/Tagmill-Backfill$/);
    expect(stdout).toMatch(/--resume arn:aws:states:/);
  });

  test('reads an inventory in place of the listing: says what is in it, and hands its manifest on', async () => {
    const outputs = cloud.outputs;
    cloud.outputs = (url) => ({ ...outputs(url), InventoryBucketName: 'inventories' });
    cloud.execution = { status: 'RUNNING' };
    const keys = ['old/a.jpg', 'old/b.jpg', 'new/c.jpg'];
    const { manifestKey, objects } = inventoryObjects({
      sourceBucket: 'photos',
      files: [keys.map((key) => ({ key, sizeBytes: 5e8 }))],
    });
    for (const [key, body] of objects) await stack.putObject('inventories', key, body);
    const url = `s3://inventories/${manifestKey}`;
    const { stdout, stderr } = await stack.run('backfill', 's3://photos/old/', '--inventory', url, '--yes');
    expect(stderr).toMatch(
      /^2 objects, 1\.0 GB below s3:\/\/photos\/old\/, by the inventory of 2026-01-02T00:00:00\.000Z\nTo tag 2 images costs/,
    );
    expect(stdout).toMatch(/--resume arn:aws:states:/);
    expect(JSON.parse(asked[0]!.input.input)).toEqual({
      prefix: 'old/',
      inventory: { bucket: 'inventories', key: manifestKey },
    });

    await stack.putObject('inventories', manifestKey, Buffer.from('{}'));
    expect(await stack.run('backfill', 's3://photos/old/', '--inventory', url, '--yes')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^tagmill: .* is not what manifest\.checksum says\n$/),
    });
    expect(asked).toHaveLength(1);
  });

  test('reads no inventory where the stack may not', async () => {
    const run = () => stack.run('backfill', 's3://photos/', '--inventory', 's3://elsewhere/manifest.json');
    expect(await run()).toMatchObject({ code: 2, stderr: expect.stringMatching(/may read no inventory: deploy it/) });
    const outputs = cloud.outputs;
    cloud.outputs = (url) => ({ ...outputs(url), InventoryBucketName: 'inventories' });
    expect(await run()).toMatchObject({ code: 2, stderr: expect.stringMatching(/inventories in inventories only/) });
    expect(asked).toEqual([]);
  });

  test('goes on with an execution that failed', async () => {
    cloud.execution = { status: 'RUNNING' };
    const { code } = await stack.run('backfill', 's3://photos/', '--resume', 'arn:aws:states:x');
    expect(asked).toMatchObject([{ operation: 'RedriveExecution', input: { executionArn: 'arn:aws:states:x' } }]);
    expect(code).toBe(0);
  });

  test('knows the stack’s bucket only, and what is not for it', async () => {
    expect(await stack.run('backfill', 's3://other/')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('photos'),
    });
    expect(await stack.run('backfill', 's3://photos/', '--start-after', 'a')).toMatchObject({ code: 2 });
    expect(asked).toEqual([]);
  });
});

describe('tagmill reconcile --stack', () => {
  test('starts the comparison, waits for it and prints what it found', async () => {
    cloud.execution = {
      status: 'SUCCEEDED',
      output: { state: { phase: 'done', report: { objects: 9, records: 8, missing: 2, gone: 1 } } },
    };
    const { code, stdout } = await stack.run('reconcile', '--grace-minutes', '5');
    expect(asked[0]).toMatchObject({ operation: 'StartExecution', input: { input: '{"graceSeconds":300}' } });
    expect(stdout).toContain('9 objects and 8 records compared\n3 enqueued: 2 missing');
    expect(code).toBe(0);
  });

  test('says in a line why it failed, or was put off', async () => {
    cloud.execution = { status: 'FAILED', error: 'TagmillError', cause: 'S3: AccessDenied' };
    expect(await stack.run('reconcile')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/FAILED.*AccessDenied/),
    });
    cloud.execution = { status: 'SUCCEEDED', output: { state: { phase: 'done', postponed: true } } };
    expect(await stack.run('reconcile')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('A backfill is running'),
    });
  });

  test('asks for a new deployment of a stack that has no such state machine', async () => {
    const { outputs } = cloud;
    cloud.outputs = (url) => {
      const { ReconcileWorkflowArn: _, ...rest } = outputs(url);
      return rest;
    };
    expect(await stack.run('reconcile')).toMatchObject({ code: 1, stderr: expect.stringContaining('deploy it anew') });
  });
});
