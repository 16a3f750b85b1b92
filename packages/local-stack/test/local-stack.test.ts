import { fork } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import {
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { type LocalStack, type LocalStackOptions, startLocalStack } from '../src/index.ts';
import { type SmallStackOptions, smallStack, writeAssembly } from './assemblies.ts';

jest.setTimeout(40_000);

const client = { region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' } };
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'local-stack-'));
let count = 0;
let stack: LocalStack | undefined;

afterEach(async () => {
  await stack?.close();
  stack = undefined;
});

type Given = Omit<SmallStackOptions, 'journal'> & Pick<LocalStackOptions, 'dataDirectory' | 'log'>;

async function start({ dataDirectory, log, ...options }: Given = {}) {
  const journal = path.join(scratch, `journal-${count++}`);
  fs.writeFileSync(journal, '');
  const assemblyDirectory = await writeAssembly(smallStack({ journal, ...options }));
  const started = await startLocalStack({
    assemblyDirectory,
    ...(dataDirectory ? { dataDirectory } : {}),
    ...(log ? { log } : {}),
  });
  stack = started;
  const { endpoints, outputs } = started;
  const s3 = new S3Client({ ...client, endpoint: endpoints.s3, forcePathStyle: true });
  const sqs = new SQSClient({ ...client, endpoint: endpoints.sqs });
  const Bucket = outputs.BucketName!;
  return {
    ...started,
    assemblyDirectory,
    s3,
    sqs,
    Bucket,
    dynamodb: new DynamoDBClient({ ...client, endpoint: endpoints.dynamodb }),
    put: (Key: string) => s3.send(new PutObjectCommand({ Bucket, Key, Body: 'content' })),
    get: (Key: string) => s3.send(new GetObjectCommand({ Bucket, Key })),
    remove: (Key: string) => s3.send(new DeleteObjectCommand({ Bucket, Key })),
    send: (MessageBody: string) => sqs.send(new SendMessageCommand({ QueueUrl: outputs.QueueUrl!, MessageBody })),
    waiting: async (QueueUrl: string) => {
      const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
      );
      return AttributeNames.map((name) => Number(Attributes?.[name])).reduce((a, b) => a + b);
    },
    /** What the recorder saw, once it is enough. */
    seen: (enough: (lines: Line[]) => boolean) => until(() => read(journal), enough),
  };
}

interface Line {
  pid: number;
  batch?: number;
  remainingMs?: number;
  body?: string;
  receiveCount?: number;
}

function read(journal: string): Line[] {
  return fs
    .readFileSync(journal, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

async function until<Value>(get: () => Value | Promise<Value>, enough: (value: Value) => boolean): Promise<Value> {
  const end = Date.now() + 20_000;
  for (;;) {
    const value = await get();
    if (enough(value)) return value;
    if (Date.now() > end) throw new Error(`Not within 20 s: ${JSON.stringify(value).slice(-1000)}`);
    await delay(20);
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const bodies = (lines: Line[]) => lines.flatMap(({ body }) => (body === undefined ? [] : [body]));
const times = (lines: Line[], wanted: string) => bodies(lines).filter((body) => body === wanted).length;
const events = (lines: Line[]) =>
  bodies(lines)
    .flatMap((body) => JSON.parse(body).Records ?? [])
    .map(({ eventName, s3 }) => ({ eventName, ...s3.object, bucket: s3.bucket.name }));

describe('a bucket', () => {
  test('tells its queue of every object once, and tests the queue first', async () => {
    const { put, seen, outputs } = await start();
    await Promise.all(Array.from({ length: 20 }, (_, i) => put(`${i}.jpg`)));
    const lines = await seen((all) => bodies(all).length >= 21);
    expect(JSON.parse(bodies(lines).find((body) => body.includes('TestEvent'))!)).toMatchObject({
      Event: 's3:TestEvent',
    });
    const created = events(lines);
    expect(created.map(({ key }) => key).sort()).toEqual(Array.from({ length: 20 }, (_, i) => `${i}.jpg`).sort());
    expect(created[0]).toMatchObject({
      eventName: 'ObjectCreated:Put',
      bucket: outputs.BucketName,
      size: 7,
      eTag: '9a0364b9e99bb480dd25e1f0284c8555',
    });
  });

  test('encodes keys as S3 does, and gives what happens later a higher sequencer', async () => {
    const { put, remove, seen } = await start();
    await put('a b/ü+%.jpg');
    await remove('a b/ü+%.jpg');
    const [first, second] = events(await seen((all) => bodies(all).length >= 3)).sort((a, b) =>
      a.sequencer < b.sequencer ? -1 : 1,
    );
    expect(first).toMatchObject({ eventName: 'ObjectCreated:Put', key: 'a+b/%C3%BC%2B%25.jpg' });
    expect(second).toMatchObject({ eventName: 'ObjectRemoved:Delete', key: first.key });
  });

  test('names how an object came: put, however large, copied, or in parts', async () => {
    const { put, seen, s3, Bucket } = await start();
    await put('a.jpg');
    await s3.send(new CopyObjectCommand({ Bucket, Key: 'copy.jpg', CopySource: `${Bucket}/a.jpg` }));
    await s3.send(new PutObjectCommand({ Bucket, Key: 'large.jpg', Body: Buffer.alloc(13 * 2 ** 20) }));
    const parts = { Bucket, Key: 'parts.jpg' };
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(parts));
    const { ETag } = await s3.send(new UploadPartCommand({ ...parts, UploadId, PartNumber: 1, Body: 'part' }));
    await s3.send(
      new CompleteMultipartUploadCommand({ ...parts, UploadId, MultipartUpload: { Parts: [{ ETag, PartNumber: 1 }] } }),
    );
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'a.jpg' }, { Key: 'copy.jpg' }] } }));
    const all = events(await seen((lines) => bodies(lines).length >= 7));
    all.sort((a, b) => (a.sequencer < b.sequencer ? -1 : 1));
    expect(all.map(({ eventName, key, size }) => [eventName, key, size])).toEqual([
      ['ObjectCreated:Put', 'a.jpg', 7],
      ['ObjectCreated:Copy', 'copy.jpg', 7],
      ['ObjectCreated:Put', 'large.jpg', 13 * 2 ** 20],
      ['ObjectCreated:CompleteMultipartUpload', 'parts.jpg', 4],
      ['ObjectRemoved:Delete', 'a.jpg', undefined],
      ['ObjectRemoved:Delete', 'copy.jpg', undefined],
    ]);
  });

  test('does not answer another site’s page', async () => {
    const { endpoints, Bucket, put } = await start();
    await put('a.jpg');
    const url = `${endpoints.s3}/${Bucket}/a.jpg`;
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(url, { headers: { origin: 'https://elsewhere.example' } })).status).toBe(403);
  });

  test('keeps to the filters of the template', async () => {
    const { put, seen } = await start({
      filters: [
        { Name: 'prefix', Value: 'in/' },
        { Name: 'suffix', Value: '.jpg' },
      ],
    });
    for (const key of ['in/a.png', 'out/b.jpg', 'in/c.jpg']) await put(key);
    const lines = await seen((all) => events(all.filter(({ body }) => !body?.includes('TestEvent'))).length >= 1);
    expect(events(lines).map(({ key }) => key)).toEqual(['in/c.jpg']);
  });
});

describe('an event source', () => {
  test('hands out no more messages at once than the template says', async () => {
    const { send, seen } = await start({ batchSize: 3, concurrency: 2 });
    await Promise.all(Array.from({ length: 12 }, (_, i) => send(`m${i}`)));
    const lines = await seen((all) => bodies(all).length >= 13);
    expect(Math.max(...lines.map(({ batch = 0 }) => batch))).toBeLessThanOrEqual(3);
    expect(Math.max(...lines.map(({ batch = 0 }) => batch))).toBeGreaterThan(1);
  });

  test('brings back the message that failed, after its visibility timeout, and not the others', async () => {
    const { send, seen, waiting, outputs } = await start();
    await Promise.all(['fail', 'fine'].map(send));
    const lines = await seen((all) => times(all, 'fail') >= 2);
    expect(times(lines, 'fine')).toBe(1);
    await until(
      () => waiting(outputs.QueueUrl!),
      (left) => left === 0,
    );
  });

  test.each(['hang', 'crash', 'throw', 'name-a-stranger', 'talk'])(
    'brings back the whole batch of a function that does this: %s',
    async (what) => {
      const { send, seen, waiting, outputs } = await start({ concurrency: 1 });
      await send(what);
      const lines = await seen((all) => times(all, what) >= 2);
      const [first, second] = lines.filter(({ body }) => body === what);
      expect(second!.receiveCount).toBe(2);
      // Who hung or crashed lost their process; the others keep it.
      expect(second!.pid === first!.pid).toBe(!['hang', 'crash'].includes(what));
      await until(
        () => waiting(outputs.QueueUrl!),
        (left) => left === 0,
      );
    },
  );

  test('takes no answer for success', async () => {
    const { send, seen, waiting, outputs } = await start();
    await send('return-nothing');
    const lines = await seen((all) => times(all, 'return-nothing') >= 1);
    await until(
      () => waiting(outputs.QueueUrl!),
      (left) => left === 0,
    );
    expect(times(lines, 'return-nothing')).toBe(1);
  });

  test('asks a queue that is gone once a second, and says so', async () => {
    const lines: string[] = [];
    const { seen, sqs, outputs } = await start({ concurrency: 1, log: (line) => lines.push(line) });
    await seen((all) => all.length > 0);
    await sqs.send(new DeleteQueueCommand({ QueueUrl: outputs.QueueUrl! }));
    await until(
      () => lines.length,
      (said) => said >= 2,
    );
    expect(lines[0]).toMatch(/Small-Queue: .*does not exist/);
    expect(lines.length).toBeLessThan(4);
  });

  test('puts a message that always fails into the dead-letter queue after its last receive', async () => {
    const { send, seen, waiting, outputs } = await start({ visibilityTimeout: 1, maxReceiveCount: 2 });
    await send('always-fail');
    await until(
      () => waiting(outputs.DeadLetterQueueUrl!),
      (dead) => dead === 1,
    );
    expect(times(await seen(() => true), 'always-fail')).toBe(2);
  });

  test('tells a function how long it has', async () => {
    const { send, seen } = await start({ functionTimeout: 3 });
    await send('one');
    const [line] = await seen((all) => all.length > 0);
    expect(line!.remainingMs).toBeGreaterThan(2000);
    expect(line!.remainingMs).toBeLessThanOrEqual(3000);
  });
});

describe('a function URL', () => {
  test('keeps the path’s encoding, passes the body, and gives the handler’s answer', async () => {
    const { outputs } = await start();
    const response = await fetch(`${outputs.Url}images/b/a%2Fb%20c?q=x%3Dy&q=z`, { method: 'POST', body: 'hello' });
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({
      path: '/images/b/a%2Fb%20c',
      query: 'q=x%3Dy&q=z',
      parameters: { q: 'x=y,z' },
      method: 'POST',
      body: 'hello',
      table: outputs.TableName,
      // Of this machine's environment a function sees nothing.
    });
  });

  test('answers 502 when the function throws, and goes on', async () => {
    const { outputs } = await start();
    expect((await fetch(`${outputs.Url}throw`)).status).toBe(502);
    expect((await fetch(`${outputs.Url}again`)).status).toBe(201);
  });

  test('refuses what another site’s page asks, by whatever name', async () => {
    const { outputs } = await start();
    expect((await fetch(outputs.Url!, { headers: { origin: 'https://elsewhere.example' } })).status).toBe(403);
    expect((await fetch(outputs.Url!, { headers: { origin: 'null' } })).status).toBe(403);
    const request = http.get(outputs.Url!, { headers: { host: 'rebound.example' } });
    const [response] = await once(request, 'response');
    response.resume();
    expect(response.statusCode).toBe(403);
  });

  test('answers 413 to a body above 6 MiB', async () => {
    const { outputs } = await start();
    for (let i = 0; i < 10; i++) {
      const response = await fetch(outputs.Url!, { method: 'POST', body: Buffer.alloc(7 * 2 ** 20) });
      expect(response.status).toBe(413);
    }
  });
});

describe('the stack', () => {
  test('lists what it skips, and says where it differs', async () => {
    const { skipped, notes } = await start({ concurrency: 50 });
    expect(skipped.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual([
      { id: 'Policy', type: 'AWS::SQS::QueuePolicy' },
      { id: 'Role', type: 'AWS::IAM::Role' },
    ]);
    expect(notes.join('\n')).toMatch(/Mapping: \d+ batches at once, not 50/);
  });

  test('keeps objects, messages and items from one start to the next', async () => {
    const dataDirectory = path.join(scratch, 'data');
    const item = { TableName: 'Small-Table', Item: { pk: { S: 'a' }, sk: { S: 'b' } } };
    const before = await start({ dataDirectory, visibilityTimeout: 2 });
    await before.put('kept.jpg');
    await before.dynamodb.send(new PutItemCommand(item));
    await before.send('always-fail');
    await before.seen((all) => times(all, 'always-fail') >= 1);
    await before.close();

    const after = await start({ dataDirectory, visibilityTimeout: 2 });
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
    const { close } = await start({ dataDirectory });
    await expect(start({ dataDirectory })).rejects.toMatchObject({ code: 'conflict' });
    await close();
    await expect(start({ dataDirectory })).resolves.toBeDefined();
  });

  test('says that its port is taken, and leaves nothing open', async () => {
    const { outputs, assemblyDirectory } = await start();
    const dataDirectory = path.join(scratch, 'port');
    const ports = { url: Number(new URL(outputs.Url!).port) };
    const taken = { assemblyDirectory, dataDirectory, ports };
    await expect(startLocalStack(taken)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await expect(startLocalStack(taken)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('leaves no process behind', async () => {
    const { send, seen, close, processes } = await start();
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
