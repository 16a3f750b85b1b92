import { fork } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ListMessageMoveTasksCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { expect, test } from '@jest/globals';
import { arn, bodies, type Emulator, redrive, startEmulator } from './emulator.ts';

const newDirectory = () => fs.mkdtempSync(path.join(os.tmpdir(), 'sqs-'));

/** Does something, ends, and starts again with the same data. */
async function restart<Result>(dataDirectory: string, work: (sqs: Emulator) => Promise<Result>): Promise<Result> {
  const sqs = await startEmulator({ dataDirectory });
  try {
    return await work(sqs);
  } finally {
    await sqs.close();
  }
}

test('a message that is given back is still there, at once and after a restart', async () => {
  const directory = newDirectory();
  const url = await restart(directory, async (sqs) => {
    const QueueUrl = await sqs.createQueue('kept');
    await sqs.send(QueueUrl, 'a');
    const [{ ReceiptHandle } = {}] = await sqs.receive(QueueUrl, { VisibilityTimeout: 600 });
    await sqs.client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    expect(await sqs.counts(QueueUrl)).toEqual([1, 0, 0]);
    return QueueUrl;
  });
  await restart(directory, async (sqs) => {
    const [message] = await sqs.receive(url.replace(/.*:\d+/, sqs.endpoint));
    expect(message).toMatchObject({ Body: 'a', Attributes: { ApproximateReceiveCount: '2' } });
  });
});

test('queues, their attributes, and messages in every state are there after a restart', async () => {
  const directory = newDirectory();
  const handle = await restart(directory, async (sqs) => {
    await sqs.createQueue('dead');
    const url = await sqs.createQueue('queue', { VisibilityTimeout: '600', ...redrive('dead', 5) });
    await sqs.send(url, 'in flight');
    const [{ ReceiptHandle } = {}] = await sqs.receive(url);
    await sqs.send(url, 'delayed', { DelaySeconds: 900 });
    await sqs.send(url, 'visible');
    return ReceiptHandle;
  });
  await restart(directory, async (sqs) => {
    const QueueUrl = sqs.ensureQueue('queue', { DelaySeconds: '1', ...redrive('dead', 4) });
    expect(await sqs.counts(QueueUrl)).toEqual([1, 1, 1]);
    expect(await sqs.attributes(QueueUrl)).toMatchObject({
      VisibilityTimeout: '600',
      DelaySeconds: '1',
      ...redrive('dead', 4),
    });
    sqs.ensureQueue('queue', {});
    expect(await sqs.attributes(QueueUrl)).not.toHaveProperty('RedrivePolicy');
    await sqs.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: handle }));
    expect(await sqs.counts(QueueUrl)).toEqual([1, 0, 1]);
  });
});

test('a move task goes on after a restart', async () => {
  const directory = newDirectory();
  await restart(directory, async (sqs) => {
    await sqs.createQueue('dead');
    await sqs.createQueue('source', redrive('dead'));
    for (const body of ['a', 'b']) sqs.sendMessage(arn('dead'), body);
    const slowly = { SourceArn: arn('dead'), DestinationArn: arn('source'), MaxNumberOfMessagesPerSecond: 1 };
    await sqs.client.send(new StartMessageMoveTaskCommand(slowly));
  });
  await restart(directory, async (sqs) => {
    const list = new ListMessageMoveTasksCommand({ SourceArn: arn('dead') });
    const status = async () => (await sqs.client.send(list)).Results![0]!;
    while ((await status()).Status === 'RUNNING');
    expect(await status()).toMatchObject({ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 2 });
    expect(bodies(await sqs.receive(sqs.ensureQueue('source', {}))).sort()).toEqual(['a', 'b']);
  });
});

test('what was answered outlives a process that is killed', async () => {
  const directory = newDirectory();
  const host = fork(path.join(import.meta.dirname, '../fixtures/sqs-host.ts'), [directory], { execArgv: [] });
  const [{ endpoint }] = (await once(host, 'message')) as [{ endpoint: string }];
  const acknowledged: string[] = [];
  const send = async (body: string) => {
    const request = { QueueUrl: `${endpoint}/000000000000/queue`, MessageBody: body };
    const headers = { 'x-amz-target': 'AmazonSQS.SendMessage' };
    const response = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(request) });
    if (response.ok) acknowledged.push(body);
    if (acknowledged.length === 200) host.kill('SIGKILL');
  };
  const senders = Array.from({ length: 4 }, async (_, sender) => {
    for (let i = 0; ; i++) await send(`${sender}-${i}`);
  });
  await Promise.allSettled(senders);
  await restart(directory, async (sqs) => {
    const url = sqs.ensureQueue('queue', {});
    const kept: (string | undefined)[] = [];
    for (let batch = bodies(await sqs.receive(url)); batch.length > 0; batch = bodies(await sqs.receive(url))) {
      kept.push(...batch);
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(200);
    expect(new Set(kept).size).toBe(kept.length);
    expect(acknowledged.filter((body) => !kept.includes(body))).toEqual([]);
  });
});
