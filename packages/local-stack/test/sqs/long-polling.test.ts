import { ChangeMessageVisibilityCommand, DeleteQueueCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bodies, type Emulator, startEmulator } from './emulator.ts';

let sqs: Emulator;

beforeAll(async () => {
  sqs = await startEmulator();
});
afterAll(() => sqs.close());

// `attributes` gives the receive before it the time to reach the server and to begin to wait.

test('a receive that waits gets what arrives meanwhile', async () => {
  const url = await sqs.createQueue('arrival');
  const start = performance.now();
  const received = sqs.receive(url, { WaitTimeSeconds: 20 });
  await sqs.attributes(url);
  await sqs.send(url, 'a');
  expect(bodies(await received)).toEqual(['a']);
  expect(performance.now() - start).toBeLessThan(10_000);
});

test('a receive that waits gets a message whose visibility timeout ends, or its delay', async () => {
  const url = await sqs.createQueue('expiry');
  await sqs.send(url, 'hidden');
  await sqs.receive(url, { VisibilityTimeout: 1 });
  await sqs.send(url, 'delayed', { DelaySeconds: 2 });
  expect(bodies(await sqs.receive(url, { WaitTimeSeconds: 20 }))).toEqual(['hidden']);
  expect(bodies(await sqs.receive(url, { WaitTimeSeconds: 20 }))).toEqual(['delayed']);
});

test('a receive that waits gets what another gives back', async () => {
  const QueueUrl = await sqs.createQueue('given-back');
  await sqs.send(QueueUrl, 'a');
  const [{ ReceiptHandle } = {}] = await sqs.receive(QueueUrl, { VisibilityTimeout: 600 });
  const received = sqs.receive(QueueUrl, { WaitTimeSeconds: 20 });
  await sqs.attributes(QueueUrl);
  await sqs.client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
  expect(bodies(await received)).toEqual(['a']);
});

test('many that wait get each message once', async () => {
  const url = await sqs.createQueue('many');
  const all = Array.from({ length: 8 }, () => sqs.receive(url, { WaitTimeSeconds: 20, MaxNumberOfMessages: 1 }));
  const sent = Array.from({ length: 8 }, (_, i) => String(i));
  await Promise.all(sent.map((body) => sqs.send(url, body)));
  expect(bodies((await Promise.all(all)).flat()).sort()).toEqual(sent);
});

test('a receiver that has gone takes nothing with it', async () => {
  const url = await sqs.createQueue('gone');
  const gone = new AbortController();
  const response = fetch(sqs.endpoint, {
    method: 'POST',
    headers: { 'x-amz-target': 'AmazonSQS.ReceiveMessage' },
    body: JSON.stringify({ QueueUrl: url, WaitTimeSeconds: 20 }),
    signal: gone.signal,
  });
  await sqs.attributes(url);
  gone.abort();
  await expect(response).rejects.toThrow();
  await sqs.attributes(url);
  await sqs.send(url, 'a');
  expect(bodies(await sqs.receive(url))).toEqual(['a']);
});

test('a receive waits as long as its queue says, and no longer', async () => {
  const url = await sqs.createQueue('queue-time', { ReceiveMessageWaitTimeSeconds: '1' });
  const start = performance.now();
  expect(await sqs.receive(url)).toEqual([]);
  const tookMs = performance.now() - start;
  expect(tookMs).toBeGreaterThan(990);
  expect(tookMs).toBeLessThan(10_000);
});

test('a queue that is deleted tells whoever waits for it', async () => {
  const QueueUrl = await sqs.createQueue('deleted');
  const received = sqs.receive(QueueUrl, { WaitTimeSeconds: 20 });
  const refused = expect(received).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  await sqs.attributes(QueueUrl);
  await sqs.client.send(new DeleteQueueCommand({ QueueUrl }));
  await refused;
});
