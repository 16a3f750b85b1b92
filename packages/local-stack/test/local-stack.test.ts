import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { startLocalStack } from '../src/index.ts';
import { smallStack, writeAssembly } from './assemblies.ts';
import { closeSmallStack, scratch, startSmallStack, times, until } from './running-small-stack.ts';

jest.setTimeout(40_000);
afterEach(closeSmallStack);

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('the stack', () => {
  test('lists what it skips, and says where it differs', async () => {
    const { skipped, notes } = await startSmallStack({ concurrency: 50 });
    expect(skipped.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual([
      { id: 'Policy', type: 'AWS::SQS::QueuePolicy' },
      { id: 'Role', type: 'AWS::IAM::Role' },
    ]);
    expect(notes.join('\n')).toMatch(/Mapping: \d+ batches at once, not 50/);
  });

  test('keeps objects, messages and items from one start to the next', async () => {
    const dataDirectory = path.join(scratch, 'data');
    const item = { TableName: 'Small-Table', Item: { pk: { S: 'a' }, sk: { S: 'b' } } };
    const before = await startSmallStack({ dataDirectory, visibilityTimeout: 2 });
    await before.put('kept.jpg');
    await before.dynamodb.send(new PutItemCommand(item));
    await before.send('always-fail');
    await before.seen((all) => times(all, 'always-fail') >= 1);
    await before.close();

    const after = await startSmallStack({ dataDirectory, visibilityTimeout: 2 });
    expect(await (await after.get('kept.jpg')).Body?.transformToString()).toBe('content');
    expect((await after.dynamodb.send(new GetItemCommand({ TableName: 'Small-Table', Key: item.Item }))).Item).toEqual(
      item.Item,
    );
    await after.seen((all) => times(all, 'always-fail') >= 1);
    const { QueueUrl } = await after.sqs.send(new GetQueueUrlCommand({ QueueName: 'Small-Queue' }));
    expect(QueueUrl).toBe(after.outputs.QueueUrl);
  });

  test('has its data to itself', async () => {
    const dataDirectory = path.join(scratch, 'shared');
    const { close } = await startSmallStack({ dataDirectory });
    await expect(startSmallStack({ dataDirectory })).rejects.toMatchObject({ code: 'conflict' });
    await close();
    await expect(startSmallStack({ dataDirectory })).resolves.toBeDefined();
  });

  test('says that its port is taken, and leaves nothing open', async () => {
    const { outputs, assemblyDirectory } = await startSmallStack();
    const dataDirectory = path.join(scratch, 'port');
    const ports = { url: Number(new URL(outputs.Url!).port) };
    const taken = { assemblyDirectory, dataDirectory, ports };
    await expect(startLocalStack(taken)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await expect(startLocalStack(taken)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('leaves no process behind', async () => {
    const { send, seen, close, processes } = await startSmallStack();
    await send('one');
    await seen((all) => all.length > 0);
    const pids = processes('Recorder');
    expect(pids.length).toBeGreaterThan(0);
    await Promise.all([close(), close()]);
    expect(pids.filter(isRunning)).toEqual([]);
  });

  test('takes its functions with it when it is killed, in the midst of what they do', async () => {
    const host = fork(path.join(import.meta.dirname, 'fixtures/host.ts'), { execArgv: [] });
    const [pids] = (await once(host, 'message')) as [number[]];
    expect(pids.length).toBeGreaterThan(0);
    host.kill('SIGKILL');
    await until(
      () => pids.filter(isRunning),
      (running) => running.length === 0,
    );
  });

  test.each<[string, (resources: Record<string, any>) => void, RegExp]>([
    [
      'an unknown type',
      (all) => (all.Topic = { Type: 'AWS::SNS::Topic' }),
      /Topic: the local stack knows no AWS::SNS::Topic/,
    ],
    [
      'a property that would mean something',
      (all) => (all.Mapping.Properties.FilterCriteria = {}),
      /Mapping: .*FilterCriteria/,
    ],
    [
      'an unknown intrinsic function',
      (all) => (all.Role.Properties.Name = { 'Fn::Cidr': [] }),
      /Fn::Cidr is not known/,
    ],
    ['a condition', (all) => (all.Table.Condition = 'InProduction'), /Table: the local stack knows no conditions/],
    ['a bundle that isn’t there', (all) => (all.Echo.Properties.Code.S3Key = 'other.zip'), /Echo: no asset other.zip/],
    [
      'a notification to a queue of elsewhere',
      (all) => (all.Bucket.Properties.NotificationConfiguration.QueueConfigurations[0].Queue = 'arn:aws:sqs:a:b:c'),
      /No queue arn:aws:sqs:a:b:c/,
    ],
    ['a name that isn’t there', (all) => (all.Echo.Properties.Role = { Ref: 'Nobody' }), /refers to Nobody/],
    ['a circle', (all) => (all.DeadLetters.DependsOn = 'Queue'), /wait for each other: .*DeadLetters/],
  ])('refuses %s, and says where', async (_, change, message) => {
    const resources = smallStack({ journal: '' });
    change(resources);
    await expect(startLocalStack({ assemblyDirectory: await writeAssembly(resources) })).rejects.toThrow(message);
  });

  test('says that a stack has to be synthesized first', async () => {
    await expect(startLocalStack({ assemblyDirectory: scratch })).rejects.toThrow(/synthesize the stack first/);
  });
});
