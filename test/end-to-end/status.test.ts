import { PurgeQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { imageId } from '@tagmill/tag-store';
import { tagmill } from '../helpers/command.ts';
import { type Cloud, startDeployedStack } from '../helpers/deployed-stack.ts';

jest.setTimeout(60_000);

let cloud: Cloud;
let stack: Awaited<ReturnType<typeof startDeployedStack>>;

beforeAll(async () => {
  stack = await startDeployedStack(() => cloud);
});
afterAll(() => stack?.close());
beforeEach(() => {
  const { queueUrl } = stack;
  cloud = {
    outputs: stack.outputs,
    resources: [
      ['AWS::SQS::Queue', queueUrl('live')],
      ['AWS::CloudWatch::Alarm', 'Tagmill-BudgetMissPercent'],
      ['AWS::Lambda::EventSourceMapping', 'uuid-1'],
    ],
    alarms: [{ AlarmName: 'Tagmill-BudgetMissPercent', StateValue: 'OK', AlarmDescription: 'Images take longer' }],
    mappings: { 'uuid-1': { EventSourceArn: 'arn:aws:sqs:eu-west-1:000000000000:live', State: 'Enabled' } },
    agesInSeconds: { live: 400 },
    statistics: { byOutcome: { tagged: 3, empty: 1, rejected: 0, failed: 0 } },
  };
});

async function purge(queue: string): Promise<void> {
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const sqs = new SQSClient({ endpoint: stack.aws.sqs, region: 'us-east-1', credentials });
  await sqs.send(new PurgeQueueCommand({ QueueUrl: stack.aws.queueUrl(queue) }));
  sqs.destroy();
}

describe('tagmill status', () => {
  test('says that a stack needs nobody, and ends well', async () => {
    const { code, stdout } = await stack.run('status');
    expect(stdout).toMatch(/live\W+0\W+0\W+6 min/);
    expect(stdout).toMatch(/tagged\W+3\b/);
    expect(stdout).toContain('1 alarms, 0 ringing');
    expect(stdout).toContain('Nothing needs you.');
    expect(stdout.split('\n').length).toBeLessThan(25);
    expect(code).toBe(0);
  });

  test('names each trouble with what to do, and ends with 1: dead letters, an alarm, a mapping that is off', async () => {
    stack.aws.sendMessage('dead', 'a message');
    cloud.alarms = [{ ...cloud.alarms[0]!, StateValue: 'ALARM' }];
    cloud.mappings['uuid-1']!.State = 'Disabled';
    const { code, stdout } = await stack.run('status', '--json');
    const { problems, ...said } = JSON.parse(stdout);
    expect(said).toMatchObject({
      queues: { live: { waiting: 0, oldestAgeSeconds: 400 }, deadLetters: { waiting: 1 } },
      outcomes: { tagged: 3, empty: 1 },
      alarms: [{ name: 'Tagmill-BudgetMissPercent', state: 'ALARM', since: '2026-01-01T00:00:00.000Z' }],
      mappings: [{ queue: 'live', state: 'Disabled' }],
    });
    expect(problems).toEqual([
      expect.stringContaining('1 dead-lettered message'),
      'Alarm Tagmill-BudgetMissPercent: Images take longer',
      expect.stringMatching(/live.*Disabled/),
    ]);
    expect(code).toBe(1);
    await purge('dead');
  });

  test('names each record that can’t be read by its object, or by its key in the table where none has it', async () => {
    const [known, unknown] = ['known.jpg', 'gone.jpg'].map((key) => imageId({ bucket: 'photos', key }));
    await stack.putObject('photos', 'known.jpg', Buffer.from('any'));
    cloud.items = [known, unknown].map((id) => ({
      pk: { S: `I#${id}` },
      rev: { N: '1' },
      content: { B: Buffer.from('01ffffff', 'hex').toString('base64') },
    }));
    const { code, stdout } = await stack.run('status', '--json');
    const { problems, unreadable } = JSON.parse(stdout);
    expect(unreadable).toEqual({
      records: [
        { id: known, fault: 'invalid block type', key: 'known.jpg' },
        { id: unknown, fault: 'invalid block type' },
      ],
      isComplete: true,
    });
    // Dead letters of another test may follow.
    expect(problems.slice(0, 2)).toEqual([
      "The record of s3://photos/known.jpg can't be read (invalid block type): run tagmill reconcile",
      expect.stringContaining(`I#${unknown}, of no object that was found`),
    ]);
    expect(code).toBe(1);
  });

  test('shows the rest when the images can’t be counted', async () => {
    cloud.statistics = {};
    const { code, stdout } = await stack.run('status', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ queues: { live: { waiting: 0 } } });
    expect(JSON.parse(stdout)).not.toHaveProperty('outcomes');
    expect(code).toBe(1);
  });

  test('says in a line that no local stack runs', () => {
    const { code, stderr } = tagmill('status');
    expect(stderr).toMatch(/^tagmill: No local stack is running.*\n$/);
    expect(code).toBe(1);
  });
});
