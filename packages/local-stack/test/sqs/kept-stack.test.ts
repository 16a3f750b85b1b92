import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, expect, test } from '@jest/globals';
import { type LocalStack, startLocalStack } from '../../src/index.ts';
import { smallStack, writeAssembly } from '../assemblies.ts';

let stack: LocalStack | undefined;
afterEach(() => stack?.close());

test('a stack that keeps its data keeps the dead letters that are looked at and given back', async () => {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'kept-stack-'));
  const assemblyDirectory = await writeAssembly(smallStack({ journal: path.join(scratch, 'journal') }));
  const start = async () => {
    stack = await startLocalStack({ assemblyDirectory, dataDirectory: path.join(scratch, 'data') });
    const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
    const sqs = new SQSClient({ endpoint: stack.endpoints.sqs, region: 'us-east-1', credentials });
    const QueueUrl = stack.outputs.DeadLetterQueueUrl!;
    const AttributeNames = ['ApproximateNumberOfMessages' as const];
    const count = async () =>
      (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }))).Attributes!
        .ApproximateNumberOfMessages;
    return { ...stack, sqs, QueueUrl, count };
  };

  const { sqs, QueueUrl, count, close } = await start();
  for (const MessageBody of ['a', 'b', 'c']) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 120 });
  for (const { Body, ReceiptHandle } of (await sqs.send(receive)).Messages!) {
    const seen = { QueueUrl, ReceiptHandle };
    if (Body === 'b') await sqs.send(new DeleteMessageCommand(seen));
    else await sqs.send(new ChangeMessageVisibilityCommand({ ...seen, VisibilityTimeout: 0 }));
  }
  expect(await count()).toBe('2');
  await close();
  const again = await start();
  expect(await again.count()).toBe('2');
  await again.close();
});
