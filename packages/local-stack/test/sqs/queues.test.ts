import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  paginateListQueues,
  SetQueueAttributesCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { arn, type Emulator, redrive, startEmulator } from './emulator.ts';

let sqs: Emulator;

beforeEach(async () => {
  sqs = await startEmulator();
});
afterEach(() => sqs.close());

describe('a queue', () => {
  test('has SQS’s defaults where nothing is set', async () => {
    const before = Math.floor(Date.now() / 1000);
    const all = await sqs.attributes(await sqs.createQueue('plain'));
    expect(all).toEqual({
      QueueArn: arn('plain'),
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      ApproximateNumberOfMessagesDelayed: '0',
      CreatedTimestamp: expect.any(String),
      LastModifiedTimestamp: expect.any(String),
      VisibilityTimeout: '30',
      DelaySeconds: '0',
      ReceiveMessageWaitTimeSeconds: '0',
      MaximumMessageSize: '1048576',
      MessageRetentionPeriod: '345600',
      SqsManagedSseEnabled: 'true',
    });
    expect(Number(all.CreatedTimestamp)).toBeGreaterThanOrEqual(before);
  });

  test('can be made twice with the same attributes, and not with others', async () => {
    const url = await sqs.createQueue('twice', { VisibilityTimeout: '60' });
    expect(await sqs.createQueue('twice', { VisibilityTimeout: '60', DelaySeconds: '0' })).toBe(url);
    expect(await sqs.createQueue('twice')).toBe(url);
    await expect(sqs.createQueue('twice', { VisibilityTimeout: '61' })).rejects.toMatchObject({
      name: 'QueueNameExists',
      Code: 'QueueAlreadyExists',
    });
  });

  test('can be found by its name, and is gone once it is deleted', async () => {
    const url = await sqs.createQueue('found');
    const find = new GetQueueUrlCommand({ QueueName: 'found' });
    expect((await sqs.client.send(find)).QueueUrl).toBe(url);
    await sqs.client.send(new DeleteQueueCommand({ QueueUrl: url }));
    await expect(sqs.client.send(find)).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
      Code: 'AWS.SimpleQueueService.NonExistentQueue',
    });
    await expect(sqs.send(url, 'a')).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  });

  test('made again under its name has none of the old messages', async () => {
    const QueueUrl = await sqs.createQueue('again');
    await sqs.send(QueueUrl, 'old');
    const [{ ReceiptHandle } = {}] = await sqs.receive(QueueUrl);
    await sqs.client.send(new DeleteQueueCommand({ QueueUrl }));
    await sqs.createQueue('again');
    expect(await sqs.counts(QueueUrl)).toEqual([0, 0, 0]);
    expect(ReceiptHandle).toBeDefined();
  });

  test('takes new attributes; an empty policy takes the old one away', async () => {
    await sqs.createQueue('dead');
    const QueueUrl = await sqs.createQueue('set', redrive('dead'));
    const set = (Attributes: Record<string, string>) =>
      sqs.client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
    await set({ VisibilityTimeout: '5' });
    expect(await sqs.attributes(QueueUrl)).toMatchObject({ VisibilityTimeout: '5', ...redrive('dead') });
    await set({ RedrivePolicy: '' });
    expect(await sqs.attributes(QueueUrl)).not.toHaveProperty('RedrivePolicy');
  });

  test('tells the attributes that are named', async () => {
    const QueueUrl = await sqs.createQueue('named');
    const get = (...names: string[]) =>
      sqs.client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: names as 'All'[] }));
    expect((await get('QueueArn', 'DelaySeconds')).Attributes).toEqual({ QueueArn: arn('named'), DelaySeconds: '0' });
    expect((await get()).Attributes).toBeUndefined();
    await expect(get('Colour')).rejects.toMatchObject({ name: 'InvalidAttributeName' });
  });

  test('carries tags', async () => {
    const { QueueUrl } = await sqs.client.send(new CreateQueueCommand({ QueueName: 'tagged', tags: { a: '1' } }));
    await sqs.client.send(new TagQueueCommand({ QueueUrl, Tags: { b: '2', c: '3' } }));
    await sqs.client.send(new UntagQueueCommand({ QueueUrl, TagKeys: ['a', 'c'] }));
    expect((await sqs.client.send(new ListQueueTagsCommand({ QueueUrl }))).Tags).toEqual({ b: '2' });
  });
});

test('queues are listed by prefix and in pages', async () => {
  expect((await sqs.client.send(new ListQueuesCommand({}))).QueueUrls).toBeUndefined();
  for (const name of ['b-2', 'a-1', 'b-1', 'b-3']) await sqs.createQueue(name);
  const pages = await Array.fromAsync(
    paginateListQueues({ client: sqs.client, pageSize: 2 }, { QueueNamePrefix: 'b' }),
  );
  expect(pages.map(({ QueueUrls = [] }) => QueueUrls.map((url) => url.split('/').at(-1)))).toEqual([
    ['b-1', 'b-2'],
    ['b-3'],
  ]);
});

test('a dead-letter queue lists its sources, and may choose them', async () => {
  const QueueUrl = await sqs.createQueue('letters');
  const source = await sqs.createQueue('source', redrive('letters'));
  const { queueUrls } = await sqs.client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl }));
  expect(queueUrls).toEqual([source]);
  const allow = (policy: object) =>
    sqs.client.send(
      new SetQueueAttributesCommand({ QueueUrl, Attributes: { RedriveAllowPolicy: JSON.stringify(policy) } }),
    );
  await allow({ redrivePermission: 'byQueue', sourceQueueArns: [arn('chosen')] });
  await sqs.createQueue('chosen', redrive('letters'));
  await expect(sqs.createQueue('other', redrive('letters'))).rejects.toMatchObject({ Code: 'InvalidParameterValue' });
  await allow({ redrivePermission: 'denyAll' });
  await expect(sqs.createQueue('third', redrive('letters'))).rejects.toMatchObject({ Code: 'InvalidParameterValue' });
});
