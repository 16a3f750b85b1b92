import http from 'node:http';
import {
  AddPermissionCommand,
  type MessageAttributeValue,
  SendMessageBatchCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { arn, type Emulator, redrive, startEmulator } from './emulator.ts';

let sqs: Emulator;
let url: string;

beforeAll(async () => {
  sqs = await startEmulator();
  url = await sqs.createQueue('queue');
});
afterAll(() => sqs.close());

const batch = (Entries: { Id: string; MessageBody: string }[]) =>
  sqs.client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
const entries = (count: number, body = 'a') =>
  Array.from({ length: count }, (_, i) => ({ Id: String(i), MessageBody: body }));
const withAttributes = (MessageAttributes: Record<string, MessageAttributeValue>) =>
  sqs.send(url, 'a', { MessageAttributes });
const text = (StringValue: string, DataType = 'String') => ({ DataType, StringValue });
const set = (Attributes: Record<string, string>) =>
  sqs.client.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes }));

test.each<[string, () => Promise<unknown>, string, string]>([
  ['an empty batch', () => batch([]), 'AWS.SimpleQueueService.EmptyBatchRequest', 'at least one'],
  ['eleven entries', () => batch(entries(11)), 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest', '11'],
  [
    'the same id twice',
    () => batch([...entries(1), ...entries(1)]),
    'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
    'Id 0 repeated',
  ],
  [
    'an id with a space',
    () => batch([{ Id: 'a b', MessageBody: 'a' }]),
    'AWS.SimpleQueueService.InvalidBatchEntryId',
    'alphanumeric',
  ],
  [
    'a batch above 1 MiB',
    () => batch(entries(4, 'x'.repeat(2 ** 18 + 1))),
    'AWS.SimpleQueueService.BatchRequestTooLong',
    'You have sent 1048580 bytes',
  ],
  ['a message above 1 MiB', () => sqs.send(url, 'x'.repeat(2 ** 20 + 1)), 'InvalidParameterValue', '1048576 bytes'],
  [
    'a message whose attributes bring it above 1 MiB',
    () => sqs.send(url, 'x'.repeat(2 ** 20 - 10), { MessageAttributes: { abcd: text('z') } }),
    'InvalidParameterValue',
    '1048576 bytes',
  ],
  ['no body', () => sqs.send(url, ''), 'MissingParameter', 'MessageBody'],
  ['U+FFFE', () => sqs.send(url, 'a\ufffe'), 'InvalidMessageContents', '#xfffe'],
  ['U+0000', () => sqs.send(url, '\0'), 'InvalidMessageContents', '#x0'],
  ['half an emoji', () => sqs.send(url, '😀'.slice(1)), 'InvalidMessageContents', '#xde00'],
  ['a delay of 901 s', () => sqs.send(url, 'a', { DelaySeconds: 901 }), 'InvalidParameterValue', 'DelaySeconds'],
  ['zero messages', () => sqs.receive(url, { MaxNumberOfMessages: 0 }), 'InvalidParameterValue', 'between 1 and 10'],
  ['eleven messages', () => sqs.receive(url, { MaxNumberOfMessages: 11 }), 'InvalidParameterValue', '11'],
  ['a wait of 21 s', () => sqs.receive(url, { WaitTimeSeconds: 21 }), 'InvalidParameterValue', 'WaitTimeSeconds'],
  [
    'an unknown system attribute',
    () => sqs.receive(url, { MessageSystemAttributeNames: ['Colour' as 'All'] }),
    'InvalidAttributeName',
    'Colour',
  ],
  [
    'eleven attributes',
    () => withAttributes(Object.fromEntries(entries(11).map(({ Id }) => [`a${Id}`, text('x')]))),
    'InvalidParameterValue',
    '[11]',
  ],
  [
    'an attribute that begins with AWS.',
    () => withAttributes({ 'AWS.x': text('x') }),
    'InvalidParameterValue',
    'AWS.x',
  ],
  ['an attribute with two periods', () => withAttributes({ 'a..b': text('x') }), 'InvalidParameterValue', 'a..b'],
  ['an attribute without a value', () => withAttributes({ a: text('') }), 'InvalidParameterValue', "'a'"],
  ['an attribute of an unknown type', () => withAttributes({ a: text('x', 'Date') }), 'InvalidParameterValue', "'a'"],
  ['a number that is none', () => withAttributes({ a: text('x', 'Number') }), 'InvalidParameterValue', "'a'"],
  [
    'a queue of another account',
    () => sqs.send(url.replace('000000000000', '123456789012'), 'a'),
    'AWS.SimpleQueueService.NonExistentQueue',
    'not exist',
  ],
  ['a URL that is none', () => sqs.send('queue', 'a'), 'InvalidAddress', 'queue'],
  ['a queue’s name with a period', () => sqs.createQueue('a.b'), 'InvalidParameterValue', 'alphanumeric'],
  ['a FIFO queue by its name', () => sqs.createQueue('a.fifo'), 'AWS.SimpleQueueService.UnsupportedOperation', 'FIFO'],
  [
    'a FIFO queue by its attribute',
    () => sqs.createQueue('a', { FifoQueue: 'true' }),
    'AWS.SimpleQueueService.UnsupportedOperation',
    'FifoQueue',
  ],
  [
    'a deduplication id',
    () => sqs.send(url, 'a', { MessageDeduplicationId: 'a' }),
    'AWS.SimpleQueueService.UnsupportedOperation',
    'MessageDeduplicationId',
  ],
  [
    'permissions',
    () =>
      sqs.client.send(new AddPermissionCommand({ QueueUrl: url, Label: 'a', AWSAccountIds: ['1'], Actions: ['*'] })),
    'AWS.SimpleQueueService.UnsupportedOperation',
    'AddPermission',
  ],
  ['an unknown attribute', () => set({ Colour: 'red' }), 'InvalidAttributeName', 'Colour'],
  ['an attribute that can only be read', () => set({ QueueArn: 'a' }), 'InvalidAttributeName', 'QueueArn'],
  ['a timeout above 12 hours', () => set({ VisibilityTimeout: '43201' }), 'InvalidAttributeValue', 'VisibilityTimeout'],
  ['a retention below a minute', () => set({ MessageRetentionPeriod: '59' }), 'InvalidAttributeValue', 'Retention'],
  ['a redrive policy that is no JSON', () => set({ RedrivePolicy: '{' }), 'InvalidParameterValue', 'RedrivePolicy'],
  ['dead letters for nobody', () => set(redrive('nobody')), 'InvalidParameterValue', 'does not exist'],
  ['1,001 receives', () => set(redrive('queue', '1001')), 'InvalidParameterValue', '1001'],
])('%s is refused by name', async (_, request, Code, message) => {
  await expect(request()).rejects.toMatchObject({ Code, message: expect.stringContaining(message) });
});

test('the largest message and batch, and the longest attributes, are taken', async () => {
  await sqs.send(url, 'x'.repeat(2 ** 20));
  expect((await batch(entries(4, 'x'.repeat(2 ** 18)))).Successful).toHaveLength(4);
  await withAttributes({ ['n'.repeat(256)]: text('x', `String.${'t'.repeat(249)}`) });
  expect(arn('queue')).toBe((await sqs.attributes(url)).QueueArn);
});

test.each([
  ['an unknown action', 'AmazonSQS.Colour', '{}', 'InvalidAction', /Colour/],
  ['a member that isn’t known', 'AmazonSQS.DeleteQueue', '{"QueueUrl":"a","Force":1}', 'UnsupportedOperation', /Force/],
  ['a missing member', 'AmazonSQS.SendMessage', '{"QueueUrl":"a"}', 'MissingParameter', /MessageBody/],
  [
    'a number that is a text',
    'AmazonSQS.ReceiveMessage',
    '{"QueueUrl":"a","WaitTimeSeconds":"1"}',
    'InvalidParameterValue',
    /WaitTimeSeconds/,
  ],
  ['what is no JSON', 'AmazonSQS.ListQueues', '{', 'InvalidParameterValue', /JSON/],
])('%s is refused by name', async (_, target, body, type, message) => {
  const response = await fetch(sqs.endpoint, { method: 'POST', headers: { 'x-amz-target': target }, body });
  expect(response.status).toBe(400);
  expect(response.headers.get('x-amzn-query-error')).toMatch(/^[\w.]+;Sender$/);
  expect(await response.json()).toEqual({
    __type: `com.amazonaws.sqs#${type}`,
    message: expect.stringMatching(message),
  });
});

test.each([
  ['of another site', { origin: 'https://elsewhere.example' }],
  ['by another name of this address', { host: 'rebound.example' }],
])('a page %s is not answered', async (_, headers) => {
  const status = await new Promise((resolve, reject) =>
    http.get(sqs.endpoint, { headers }, (response) => resolve(response.resume().statusCode)).on('error', reject),
  );
  expect(status).toBe(403);
});

test('a body above 8 MiB is refused before it is read', async () => {
  const response = await fetch(sqs.endpoint, { method: 'POST', body: Buffer.alloc(9 * 2 ** 20) });
  expect(response.status).toBe(413);
});
