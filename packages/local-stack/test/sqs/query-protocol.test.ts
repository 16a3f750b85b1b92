import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Emulator, redrive, startEmulator } from './emulator.ts';

let sqs: Emulator;
let url: string;

beforeAll(async () => {
  sqs = await startEmulator();
  url = await sqs.createQueue('queue');
});
afterAll(() => sqs.close());

/** Asks as clients did before there was JSON. */
async function ask(parameters: Record<string, string>, address = sqs.endpoint) {
  const body = new URLSearchParams({ Version: '2012-11-05', ...parameters });
  const response = await fetch(address, { method: 'POST', body });
  return { status: response.status, text: await response.text() };
}

const all = (text: string, name: string) =>
  [...text.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map((m) => m[1]);

describe('the query protocol', () => {
  test('makes a queue with attributes and tags, finds and lists it', async () => {
    const made = await ask({
      Action: 'CreateQueue',
      QueueName: 'made',
      'Attribute.1.Name': 'VisibilityTimeout',
      'Attribute.1.Value': '77',
      'Tag.1.Key': 'team',
      'Tag.1.Value': 'a&b',
    });
    const madeUrl = `${sqs.endpoint}/000000000000/made`;
    expect(all(made.text, 'QueueUrl')).toEqual([madeUrl]);
    expect((await sqs.attributes(madeUrl)).VisibilityTimeout).toBe('77');
    const tags = await ask({ Action: 'ListQueueTags', QueueUrl: madeUrl });
    expect(tags.text).toContain('<Tag><Key>team</Key><Value>a&amp;b</Value></Tag>');
    const listed = await ask({ Action: 'ListQueues', QueueNamePrefix: 'ma', MaxResults: '10' });
    expect(all(listed.text, 'QueueUrl')).toEqual([madeUrl]);
    const attributes = await ask({ Action: 'GetQueueAttributes', QueueUrl: madeUrl, 'AttributeName.1': 'All' });
    expect(attributes.text).toContain('<Attribute><Name>VisibilityTimeout</Name><Value>77</Value></Attribute>');
  });

  test('sends and receives to the queue that the path names, with attributes, and escapes what XML reserves', async () => {
    const sent = await ask(
      {
        Action: 'SendMessage',
        MessageBody: '<a>&"😀\r\n',
        DelaySeconds: '0',
        'MessageAttribute.1.Name': 'kind',
        'MessageAttribute.1.Value.DataType': 'String',
        'MessageAttribute.1.Value.StringValue': 'x',
      },
      url,
    );
    const [id] = all(sent.text, 'MessageId');
    const received = await ask(
      {
        Action: 'ReceiveMessage',
        MaxNumberOfMessages: '1',
        'AttributeName.1': 'SentTimestamp',
        'MessageAttributeName.1': 'All',
      },
      url,
    );
    expect(all(received.text, 'MessageId')).toEqual([id]);
    expect(received.text).toContain('<Body>&lt;a&gt;&amp;&quot;😀&#xD;\n</Body>');
    expect(received.text).toContain(
      '<MessageAttribute><Name>kind</Name><Value><DataType>String</DataType><StringValue>x</StringValue></Value></MessageAttribute>',
    );
    expect(received.text).toMatch(/<Attribute><Name>SentTimestamp<\/Name><Value>\d{13}<\/Value><\/Attribute>/);
    const [handle] = all(received.text, 'ReceiptHandle');
    const changed = await ask(
      { Action: 'ChangeMessageVisibility', ReceiptHandle: handle!, VisibilityTimeout: '0' },
      url,
    );
    expect(changed.status).toBe(200);
    expect((await ask({ Action: 'DeleteMessage', ReceiptHandle: handle! }, url)).status).toBe(200);
    expect(await sqs.counts(url)).toEqual([0, 0, 0]);
  });

  test('sends batches, in the order of their numbers, and names the entry that is refused', async () => {
    const parameters = Array.from({ length: 10 }, (_, i) => [
      [`SendMessageBatchRequestEntry.${i + 1}.Id`, `id${i + 1}`],
      [`SendMessageBatchRequestEntry.${i + 1}.MessageBody`, i === 3 ? '\ufffe' : 'a'],
    ]);
    const { text } = await ask({ Action: 'SendMessageBatch', ...Object.fromEntries(parameters.flat()) }, url);
    expect(text.match(/<SendMessageBatchResultEntry>/g)).toHaveLength(9);
    expect(all(text, 'Id')).toEqual(['id1', 'id2', 'id3', 'id5', 'id6', 'id7', 'id8', 'id9', 'id10', 'id4']);
    expect(text).toContain('<BatchResultErrorEntry><Id>id4</Id><Code>InvalidMessageContents</Code><SenderFault>true');
  });

  test('lists the sources of dead letters', async () => {
    const source = await sqs.createQueue('source', redrive('queue'));
    const { text } = await ask({ Action: 'ListDeadLetterSourceQueues', QueueUrl: url });
    expect(all(text, 'QueueUrl')).toEqual([source]);
  });

  test.each([
    [
      'SendMessage',
      { QueueUrl: 'http://a/000000000000/b', MessageBody: 'a' },
      'AWS.SimpleQueueService.NonExistentQueue',
    ],
    ['Colour', {}, 'InvalidAction'],
    ['RemovePermission', {}, 'AWS.SimpleQueueService.UnsupportedOperation'],
    ['ReceiveMessage', { WaitTimeSeconds: 'long' }, 'InvalidParameterValue'],
    ['SetQueueAttributes', { 'Attribute.1.Name': 'a' }, 'MissingParameter'],
    ['SendMessage', { 'a.b': '1', a: '1' }, 'InvalidParameterValue'],
    ['SendMessage', { '__proto__.x': '1' }, 'InvalidParameterValue'],
  ])('refuses %s with %j as %s', async (Action, parameters, code) => {
    const { status, text } = await ask({ Action, ...parameters }, url);
    expect(status).toBe(400);
    expect(text).toContain(`<Error><Type>Sender</Type><Code>${code}</Code>`);
  });
});
