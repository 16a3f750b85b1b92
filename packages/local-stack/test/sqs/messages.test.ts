import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  PurgeQueueCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { arn, bodies, DAY_MS, type Emulator, MINUTE_MS, movableClock, redrive, startEmulator } from './emulator.ts';

let sqs: Emulator;
let clock: ReturnType<typeof movableClock>;

beforeEach(async () => {
  clock = movableClock();
  sqs = await startEmulator({ now: clock.now });
});
afterEach(() => sqs.close());

const change = (QueueUrl: string, ReceiptHandle: string | undefined, VisibilityTimeout: number) =>
  sqs.client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: ReceiptHandle!, VisibilityTimeout }));
const remove = (QueueUrl: string, ReceiptHandle: string | undefined) =>
  sqs.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: ReceiptHandle! }));

describe('a message', () => {
  // The SDK checks the digests of what it sends and receives.
  test('comes as it was sent, with the attributes that are asked for', async () => {
    const url = await sqs.createQueue('all');
    const body = 'a\t\r\n<&">é😀\u{10ffff}\ufffd';
    const MessageAttributes = {
      text: { DataType: 'String', StringValue: 'ü' },
      count: { DataType: 'Number.int', StringValue: '1' },
      'a.bytes': { DataType: 'Binary', BinaryValue: Uint8Array.of(0, 255) },
    };
    const MessageSystemAttributes = { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1' } };
    const sent = await sqs.send(url, body, { MessageAttributes, MessageSystemAttributes, MessageGroupId: 'tenant' });
    clock.advance(1000);
    const [message] = await sqs.receive(url, { MessageAttributeNames: ['a.*', 'text'] });
    expect(message).toMatchObject({ MessageId: sent.MessageId, Body: body, MD5OfBody: sent.MD5OfMessageBody });
    expect(message!.MessageAttributes).toEqual({
      text: MessageAttributes.text,
      'a.bytes': MessageAttributes['a.bytes'],
    });
    expect(message!.Attributes).toEqual({
      SenderId: expect.any(String),
      SentTimestamp: String(clock.now() - 1000),
      ApproximateReceiveCount: '1',
      ApproximateFirstReceiveTimestamp: String(clock.now()),
      AWSTraceHeader: 'Root=1',
      MessageGroupId: 'tenant',
    });
  });

  test('has no attributes unless they are asked for', async () => {
    const url = await sqs.createQueue('bare');
    await sqs.send(url, 'a', { MessageAttributes: { x: { DataType: 'String', StringValue: 'y' } } });
    const [message] = await sqs.receive(url, { MessageSystemAttributeNames: [] });
    expect(Object.keys(message!).sort()).toEqual(['Body', 'MD5OfBody', 'MessageId', 'ReceiptHandle']);
  });

  test('is hidden until its visibility timeout has passed, and then counts one receive more', async () => {
    const url = await sqs.createQueue('timeout', { VisibilityTimeout: '30' });
    await sqs.send(url, 'a');
    expect(await sqs.receive(url)).toHaveLength(1);
    clock.advance(29_999);
    expect(await sqs.receive(url)).toHaveLength(0);
    expect(await sqs.counts(url)).toEqual([0, 1, 0]);
    clock.advance(1);
    const [again] = await sqs.receive(url, { VisibilityTimeout: 5 });
    expect(again!.Attributes!.ApproximateReceiveCount).toBe('2');
    expect(Number(again!.Attributes!.ApproximateFirstReceiveTimestamp)).toBe(clock.now() - 30_000);
    clock.advance(5000);
    expect(await sqs.receive(url)).toHaveLength(1);
  });

  test('can be received only after its delay, or its queue’s', async () => {
    const url = await sqs.createQueue('delay', { DelaySeconds: '10' });
    await sqs.send(url, 'queue');
    await sqs.send(url, 'own', { DelaySeconds: 20 });
    await sqs.send(url, 'none', { DelaySeconds: 0 });
    expect(await sqs.counts(url)).toEqual([1, 0, 2]);
    expect(bodies(await sqs.receive(url, { VisibilityTimeout: 900 }))).toEqual(['none']);
    clock.advance(10_000);
    expect(bodies(await sqs.receive(url, { VisibilityTimeout: 900 }))).toEqual(['queue']);
    clock.advance(10_000);
    expect(bodies(await sqs.receive(url))).toEqual(['own']);
  });

  test('is deleted by its last receipt handle, and by no earlier one', async () => {
    const url = await sqs.createQueue('stale', { VisibilityTimeout: '1' });
    await sqs.send(url, 'a');
    const [first] = await sqs.receive(url);
    clock.advance(1000);
    const [second] = await sqs.receive(url);
    expect(second!.ReceiptHandle).not.toBe(first!.ReceiptHandle);
    await remove(url, first!.ReceiptHandle);
    expect(await sqs.counts(url)).toEqual([0, 1, 0]);
    // An expired handle is still the last.
    clock.advance(1000);
    await remove(url, second!.ReceiptHandle);
    await remove(url, second!.ReceiptHandle);
    expect(await sqs.counts(url)).toEqual([0, 0, 0]);
  });

  test('is forgotten after its retention period, whether it is visible or not', async () => {
    const url = await sqs.createQueue('retention', { MessageRetentionPeriod: '60' });
    await sqs.send(url, 'in flight');
    await sqs.receive(url, { VisibilityTimeout: 600 });
    await sqs.send(url, 'visible');
    clock.advance(MINUTE_MS);
    expect(await sqs.counts(url)).toEqual([1, 1, 0]);
    clock.advance(1);
    expect(await sqs.counts(url)).toEqual([0, 0, 0]);
    expect(await sqs.receive(url)).toEqual([]);
  });
});

describe('ChangeMessageVisibility', () => {
  test('gives a message back at once, or in so many seconds from now', async () => {
    const url = await sqs.createQueue('give-back');
    await sqs.send(url, 'a');
    const [first] = await sqs.receive(url);
    await change(url, first!.ReceiptHandle, 0);
    const [second] = await sqs.receive(url);
    expect(second!.Attributes!.ApproximateReceiveCount).toBe('2');
    clock.advance(20_000);
    await change(url, second!.ReceiptHandle, 100);
    clock.advance(99_999);
    expect(await sqs.receive(url)).toEqual([]);
    clock.advance(1);
    expect(await sqs.receive(url)).toHaveLength(1);
  });

  test('hides a message for twelve hours from its first receive, and no longer', async () => {
    const url = await sqs.createQueue('twelve-hours');
    await sqs.send(url, 'a');
    const [message] = await sqs.receive(url, { VisibilityTimeout: 7200 });
    clock.advance(60 * MINUTE_MS);
    await change(url, message!.ReceiptHandle, 11 * 3600);
    await expect(change(url, message!.ReceiptHandle, 11 * 3600 + 1)).rejects.toMatchObject({
      Code: 'InvalidParameterValue',
      message: expect.stringContaining('Total VisibilityTimeout'),
    });
  });

  test('refuses a message that is visible again, one that is gone, and one of another queue', async () => {
    const [url, other] = [await sqs.createQueue('one'), await sqs.createQueue('other')];
    await sqs.send(url, 'a');
    const [message] = await sqs.receive(url, { VisibilityTimeout: 1 });
    await expect(change(other, message!.ReceiptHandle, 1)).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
    clock.advance(1000);
    await expect(change(url, message!.ReceiptHandle, 1)).rejects.toMatchObject({ name: 'MessageNotInflight' });
    await remove(url, message!.ReceiptHandle);
    await expect(change(url, message!.ReceiptHandle, 1)).rejects.toMatchObject({ Code: 'InvalidParameterValue' });
  });
});

describe('a batch', () => {
  test('tells of each entry by its id: one that is refused doesn’t stop the others', async () => {
    const QueueUrl = await sqs.createQueue('batch', { MaximumMessageSize: '1024' });
    const entries = ['fine', 'U+FFFE \ufffe', 'lone \ud800', 'x'.repeat(1025), 'emoji 😀'];
    const { Successful, Failed } = await sqs.client.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: entries.map((MessageBody, i) => ({ Id: `id-${i}`, MessageBody })),
      }),
    );
    expect(Successful!.map(({ Id }) => Id)).toEqual(['id-0', 'id-4']);
    expect(Failed).toMatchObject([
      { Id: 'id-1', Code: 'InvalidMessageContents', SenderFault: true, Message: expect.stringContaining('#xfffe') },
      { Id: 'id-2', Code: 'InvalidMessageContents', SenderFault: true, Message: expect.stringContaining('#xd800') },
      { Id: 'id-3', Code: 'InvalidParameterValue', SenderFault: true },
    ]);
    expect(bodies(await sqs.receive(QueueUrl))).toEqual(['fine', 'emoji 😀']);
  });

  test('deletes and gives back', async () => {
    const QueueUrl = await sqs.createQueue('batches');
    for (const body of ['a', 'b', 'c']) await sqs.send(QueueUrl, body);
    const handles = (await sqs.receive(QueueUrl)).map(({ ReceiptHandle }) => ReceiptHandle!);
    const deleted = await sqs.client.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'a', ReceiptHandle: handles[0] },
          { Id: 'x', ReceiptHandle: 'nonsense' },
        ],
      }),
    );
    expect(deleted.Successful).toEqual([{ Id: 'a' }]);
    expect(deleted.Failed).toMatchObject([{ Id: 'x', Code: 'ReceiptHandleIsInvalid', SenderFault: true }]);
    const changed = await sqs.client.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'gone', ReceiptHandle: handles[0], VisibilityTimeout: 0 },
          { Id: 'long', ReceiptHandle: handles[1], VisibilityTimeout: 43_201 },
          { Id: 'fine', ReceiptHandle: handles[2], VisibilityTimeout: 0 },
        ],
      }),
    );
    expect(changed.Successful).toEqual([{ Id: 'fine' }]);
    expect(changed.Failed!.map(({ Id, Code }) => [Id, Code])).toEqual([
      ['gone', 'InvalidParameterValue'],
      ['long', 'InvalidParameterValue'],
    ]);
    expect(bodies(await sqs.receive(QueueUrl))).toEqual(['c']);
  });
});

describe('a dead-letter queue', () => {
  test('gets a message at the receive after its last, with its age, its receives and where it came from', async () => {
    const dead = await sqs.createQueue('dead', { MessageRetentionPeriod: String(14 * 86_400) });
    const url = await sqs.createQueue('source', { VisibilityTimeout: '0', ...redrive('dead', 2) });
    await sqs.send(url, 'poison');
    const sentMs = clock.now();
    expect(await sqs.receive(url)).toHaveLength(1);
    expect(await sqs.receive(url)).toHaveLength(1);
    expect(await sqs.counts(dead)).toEqual([0, 0, 0]);
    clock.advance(DAY_MS);
    expect(await sqs.receive(url)).toHaveLength(0);
    const [letter] = await sqs.receive(dead);
    expect(letter).toMatchObject({
      Body: 'poison',
      Attributes: {
        SentTimestamp: String(sentMs),
        ApproximateReceiveCount: '3',
        DeadLetterQueueSourceArn: arn('source'),
      },
    });
    clock.advance(13 * DAY_MS);
    expect(await sqs.counts(dead)).toEqual([1, 0, 0]);
    clock.advance(1);
    expect(await sqs.counts(dead)).toEqual([0, 0, 0]);
  });

  test('counts receives anew for its own dead-letter queue', async () => {
    await sqs.createQueue('third');
    const second = await sqs.createQueue('second', { VisibilityTimeout: '0', ...redrive('third', 2) });
    const first = await sqs.createQueue('first', { VisibilityTimeout: '0', ...redrive('second', 2) });
    await sqs.send(first, 'a');
    for (let receive = 0; receive < 3; receive++) await sqs.receive(first);
    expect(await sqs.receive(second)).toHaveLength(1);
    expect(await sqs.receive(second)).toHaveLength(1);
    expect(await sqs.receive(second)).toHaveLength(0);
  });

  test('keeps the two of three messages that are looked at and given back', async () => {
    const url = await sqs.createQueue('three');
    for (const body of ['a', 'b', 'c']) await sqs.send(url, body);
    for (const { Body, ReceiptHandle } of await sqs.receive(url)) {
      if (Body === 'b') await remove(url, ReceiptHandle);
      else await change(url, ReceiptHandle, 0);
    }
    expect(bodies(await sqs.receive(url)).sort()).toEqual(['a', 'c']);
  });

  test('leaves messages where they are while it doesn’t exist', async () => {
    const dead = await sqs.createQueue('short-lived');
    const url = await sqs.createQueue('orphan', { VisibilityTimeout: '0', ...redrive('short-lived', 1) });
    await sqs.client.send(new DeleteQueueCommand({ QueueUrl: dead }));
    await sqs.send(url, 'a');
    for (let receive = 0; receive < 3; receive++) expect(await sqs.receive(url)).toHaveLength(1);
  });
});

test('PurgeQueue empties a queue, once a minute', async () => {
  const QueueUrl = await sqs.createQueue('purge');
  await sqs.send(QueueUrl, 'a');
  const purge = () => sqs.client.send(new PurgeQueueCommand({ QueueUrl }));
  await purge();
  expect(await sqs.counts(QueueUrl)).toEqual([0, 0, 0]);
  await expect(purge()).rejects.toMatchObject({ name: 'PurgeQueueInProgress' });
  clock.advance(MINUTE_MS);
  await purge();
});
