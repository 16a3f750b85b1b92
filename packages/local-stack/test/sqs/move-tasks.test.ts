import {
  CancelMessageMoveTaskCommand,
  DeleteQueueCommand,
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResultEntry,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { arn, bodies, type Emulator, redrive, startEmulator } from './emulator.ts';

let sqs: Emulator;
let dead: string;
let source: string;

beforeEach(async () => {
  sqs = await startEmulator();
  dead = await sqs.createQueue('dead');
  source = await sqs.createQueue('source', { VisibilityTimeout: '0', ...redrive('dead', 1) });
});
afterEach(() => sqs.close());

/** Messages of a queue that have become dead letters. */
async function bury(url: string, ...messages: string[]) {
  for (const body of messages) await sqs.send(url, body);
  while ((await sqs.receive(url)).length > 0);
}

const start = async (more: { DestinationArn?: string; MaxNumberOfMessagesPerSecond?: number } = {}) =>
  (await sqs.client.send(new StartMessageMoveTaskCommand({ SourceArn: arn('dead'), ...more }))).TaskHandle!;

async function list(): Promise<ListMessageMoveTasksResultEntry[]> {
  const command = new ListMessageMoveTasksCommand({ SourceArn: arn('dead'), MaxResults: 10 });
  return (await sqs.client.send(command)).Results!;
}

async function ended(): Promise<ListMessageMoveTasksResultEntry> {
  for (;;) {
    const [task] = await list();
    if (task!.Status !== 'RUNNING' && task!.Status !== 'CANCELLING') return task!;
  }
}

test('dead letters go back to the queues that they came from, as new messages', async () => {
  const other = await sqs.createQueue('other', { VisibilityTimeout: '0', ...redrive('dead', 1) });
  await bury(source, 'a', 'b');
  await bury(other, 'c');
  const letters = await sqs.receive(dead, { VisibilityTimeout: 0 });
  expect(bodies(letters).sort()).toEqual(['a', 'b', 'c']);
  await start();
  expect(await ended()).toMatchObject({
    Status: 'COMPLETED',
    SourceArn: arn('dead'),
    ApproximateNumberOfMessagesMoved: 3,
    ApproximateNumberOfMessagesToMove: 3,
  });
  expect(bodies(await sqs.receive(other))).toEqual(['c']);
  const [message] = await sqs.receive(source, { MaxNumberOfMessages: 1 });
  expect(message!.Attributes!.ApproximateReceiveCount).toBe('1');
  expect(letters.map(({ MessageId }) => MessageId)).not.toContain(message!.MessageId);
});

test('dead letters go to another queue if that is wanted', async () => {
  await bury(source, 'a');
  const elsewhere = await sqs.createQueue('elsewhere');
  await start({ DestinationArn: arn('elsewhere') });
  expect((await ended()).DestinationArn).toBe(arn('elsewhere'));
  expect(bodies(await sqs.receive(elsewhere))).toEqual(['a']);
});

test('more letters than one transaction takes are all moved', async () => {
  const elsewhere = await sqs.createQueue('elsewhere');
  for (let i = 0; i < 501; i++) sqs.sendMessage(arn('dead'), String(i));
  await start({ DestinationArn: arn('elsewhere') });
  expect((await ended()).ApproximateNumberOfMessagesMoved).toBe(501);
  expect(await sqs.counts(elsewhere)).toEqual([501, 0, 0]);
});

test('a task that was slow to begin with can be cancelled, and keeps to itself', async () => {
  await bury(source, 'a', 'b', 'c');
  const TaskHandle = await start({ MaxNumberOfMessagesPerSecond: 1 });
  await expect(start()).rejects.toMatchObject({ message: expect.stringContaining('already a task running') });
  await sqs.client.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
  expect((await ended()).Status).toBe('CANCELLED');
  await expect(sqs.client.send(new CancelMessageMoveTaskCommand({ TaskHandle }))).rejects.toThrow(/active/);
  const moved = (await list())[0]!.ApproximateNumberOfMessagesMoved!;
  expect(moved).toBeLessThan(3);
  expect(await sqs.counts(dead)).toEqual([3 - moved, 0, 0]);
});

test('a task fails, and says why, if it can’t tell where a letter came from', async () => {
  await sqs.send(dead, 'sent here');
  await start();
  expect(await ended()).toMatchObject({ Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource' });
  expect(await sqs.counts(dead)).toEqual([1, 0, 0]);
});

test('a task fails if the queue that it moves to is gone', async () => {
  await bury(source, 'a');
  const QueueUrl = await sqs.createQueue('fleeting');
  await start({ DestinationArn: arn('fleeting'), MaxNumberOfMessagesPerSecond: 1 });
  await sqs.client.send(new DeleteQueueCommand({ QueueUrl }));
  expect((await ended()).Status).toBe('FAILED');
  expect(await sqs.counts(dead)).toEqual([1, 0, 0]);
});

test('only a dead-letter queue is a source, and only a queue a destination', async () => {
  const from = (SourceArn: string) => sqs.client.send(new StartMessageMoveTaskCommand({ SourceArn }));
  await expect(from(arn('source'))).rejects.toThrow(/Dead Letter Queue/);
  await expect(from(arn('nobody'))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(start({ DestinationArn: arn('nobody') })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(start({ MaxNumberOfMessagesPerSecond: 501 })).rejects.toMatchObject({ Code: 'InvalidParameterValue' });
  const unknown = new CancelMessageMoveTaskCommand({ TaskHandle: 'unknown' });
  await expect(sqs.client.send(unknown)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
