import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startAws, type TestAws } from '../../../test/helpers/aws.ts';
import { BackfillQueue, formatRevisitMessage, parseMessage, type RefusedMessage, SqsQueue } from '../src/index.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const client = (endpoint: string) => new SQSClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });

let aws: TestAws;
let sqs: SQSClient;
beforeAll(async () => {
  aws = await startAws();
  sqs = client(aws.sqs);
});
afterAll(async () => {
  sqs.destroy();
  await aws.close();
});

function queue(name: string) {
  const queueUrl = aws.createQueue(name);
  return { name, ...BOUNDS, queue: new SqsQueue({ client: sqs, queueUrl }) };
}
const BOUNDS = { waitSeconds: 0, visibilitySeconds: 60 };

/** Of which SQS takes no message as it stands. */
const ODD_KEYS = ['🐈.jpg', 'a\ufffe.jpg', 'b\uffff.jpg', 'tab\tand\u0001.jpg', 'plain.jpg'];

test('images are enqueued whatever characters their keys have', async () => {
  const { queue: live } = queue('odd');
  const backfill = new BackfillQueue({ queue: live });
  expect(await backfill.enqueue(ODD_KEYS.map((key) => ({ bucket: 'photos', key })))).toEqual([]);
  const received = await live.receive(BOUNDS);
  expect(received.map(({ body }) => parseMessage(body).events[0]!.key).sort()).toEqual([...ODD_KEYS].sort());
  await live.send([formatRevisitMessage({ bucket: 'photos', key: '🐈.jpg' })]);
  const [revisit] = await live.receive(BOUNDS);
  expect(parseMessage(revisit!.body).events).toEqual([{ bucket: 'photos', key: '🐈.jpg', isRevisit: true }]);
});

test('a message that SQS refuses is named, and the others are sent', async () => {
  const { queue: live } = queue('refusing');
  const refused: RefusedMessage[] = [];
  await live.send(['a', 'bad \u0001', 'b'], { onRefused: (message) => refused.push(message) });
  expect((await live.receive(BOUNDS)).map(({ body }) => body)).toEqual(['a', 'b']);
  expect(refused).toEqual([{ body: 'bad \u0001', reason: expect.stringMatching(/^InvalidMessageContents: .+/) }]);
  await expect(live.send(['bad \u0001'])).rejects.toMatchObject({ code: 'invalid-argument', retryable: false });
});

describe('messages that are refused in bulk', () => {
  /** What real SQS does only under load: answers of its own, in the protocol of its client. */
  let server: Server;
  let flaky: SqsQueue;
  let sdk: SQSClient;
  let asked: { operation: string; bodies: string[] }[];
  let failures: { Id: string; SenderFault: boolean; Code: string; Message?: string }[] | string;
  const taken = (body: string) => ({ MessageId: 'm', MD5OfMessageBody: createHash('md5').update(body).digest('hex') });
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const operation = String(request.headers['x-amz-target']).split('.')[1]!;
      const { Entries = [], MessageBody } = (await json(request)) as {
        Entries?: { Id: string; MessageBody: string }[];
        MessageBody?: string;
      };
      asked.push({
        operation,
        bodies: MessageBody === undefined ? Entries.map((each) => each.MessageBody) : [MessageBody],
      });
      response.setHeader('content-type', 'application/x-amz-json-1.0');
      if (operation === 'SendMessage') return response.end(JSON.stringify(taken(MessageBody!)));
      if (typeof failures === 'string') {
        return response.writeHead(400).end(JSON.stringify({ __type: `com.amazonaws.sqs#${failures}`, message: 'm' }));
      }
      const failed = new Set(failures.map(({ Id }) => Id));
      const Successful = Entries.filter(({ Id }) => !failed.has(Id)).map(({ Id, MessageBody: body }) => ({
        Id,
        ...taken(body),
      }));
      return response.end(JSON.stringify({ Successful, Failed: failures }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    sdk = client(url);
    flaky = new SqsQueue({ client: sdk, queueUrl: `${url}/000000000000/flaky` });
  });
  afterAll(() => {
    sdk.destroy();
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    asked = [];
  });

  const refused: RefusedMessage[] = [];
  const send = (...bodies: string[]) => flaky.send(bodies, { onRefused: (message) => refused.push(message) });

  test('are sent again one by one, but never what is the sender’s fault', async () => {
    failures = [
      { Id: '1', SenderFault: false, Code: 'InternalError' },
      { Id: '2', SenderFault: true, Code: 'InvalidMessageContents', Message: 'no' },
    ];
    await send('a', 'b', 'c', 'd');
    expect(asked).toEqual([
      { operation: 'SendMessageBatch', bodies: ['a', 'b', 'c', 'd'] },
      { operation: 'SendMessage', bodies: ['b'] },
    ]);
    expect(refused).toEqual([{ body: 'c', reason: 'InvalidMessageContents: no' }]);
  });

  test('together, as too much for one request, are sent one by one', async () => {
    failures = 'BatchRequestTooLong';
    await send('a', 'b');
    expect(asked.map(({ bodies }) => bodies)).toEqual([['a', 'b'], ['a'], ['b']]);
  });

  test('because of the queue are not tried again', async () => {
    failures = 'AccessDenied';
    await expect(send('a', 'b')).rejects.toMatchObject({ code: 'internal' });
    expect(asked).toHaveLength(1);
  });
});
