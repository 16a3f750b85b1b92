import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { backfill, redrive } from '@tagmill/stack-client';
import { startAws, type TestAws } from '../../../test/helpers/aws.ts';
import { parseMessage, S3ObjectStore, SqsQueue } from '../src/index.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
let server: TestAws;
let s3: S3Client;
let sqs: SQSClient;
beforeAll(async () => {
  server = await startAws();
  const client = { region: 'us-east-1', credentials };
  s3 = new S3Client({ ...client, endpoint: server.s3, forcePathStyle: true });
  sqs = new SQSClient({ ...client, endpoint: server.sqs });
  server.createBucket('photos');
});
afterAll(async () => {
  s3.destroy();
  sqs.destroy();
  await server.close();
});

const put = (Key: string, Body: string, Metadata = {}) =>
  s3.send(new PutObjectCommand({ Bucket: 'photos', Key, Body, Metadata }));

/** Makes a queue, with messages in it. */
function queue(name: string, bodies: string[] = []): SqsQueue {
  const queueUrl = server.createQueue(name);
  for (const body of bodies) server.sendMessage(name, body);
  return new SqsQueue({ client: sqs, queueUrl });
}

const bodies = (name: string) => server.messages(name);

describe('objects in S3', () => {
  test('open with what is known of them, and are read on demand', async () => {
    await put('a b/ü+.jpg', 'body', { 'latency-budget-ms': '500' });
    const object = (await new S3ObjectStore({ client: s3 }).open({ bucket: 'photos', key: 'a b/ü+.jpg' }))!;
    expect(object).toMatchObject({
      etag: '841a2d689ad86bd1611447453c22c6fc',
      sizeBytes: 4,
      metadata: { 'latency-budget-ms': '500' },
      lastModified: expect.any(Date),
    });
    expect(Buffer.from(await object.read()).toString()).toBe('body');
  });

  test('are written whole, and say under which tag', async () => {
    const store = new S3ObjectStore({ client: s3 });
    const name = { bucket: 'photos', key: 'written ü.jpg' };
    const etag = await store.put(name, Buffer.from('body'));
    const object = (await store.open(name))!;
    expect(object.etag).toBe(etag);
    expect(Buffer.from(await object.read()).toString()).toBe('body');
    await expect(store.put({ bucket: 'no-such-bucket', key: 'x' }, Buffer.from(''))).rejects.toMatchObject({
      code: 'unreadable',
    });
  });

  test('can be let go unread, again and again', async () => {
    await put('large', 'x'.repeat(2 ** 20));
    const store = new S3ObjectStore({ client: s3 });
    for (let i = 0; i < 60; i++) (await store.open({ bucket: 'photos', key: 'large' }))!.discard();
    expect(await store.open({ bucket: 'photos', key: 'large' })).toBeDefined();
  });

  test('that are missing, or whose bucket is, are gone', async () => {
    const store = new S3ObjectStore({ client: s3 });
    expect(await store.open({ bucket: 'photos', key: 'none' })).toBeUndefined();
    expect(await store.open({ bucket: 'no-such-bucket', key: 'none' })).toBeUndefined();
  });

  test('are listed below a prefix, and on from a key', async () => {
    for (const key of ['list/1', 'list/2', 'list/3', 'other/1']) await put(key, key);
    const store = new S3ObjectStore({ client: s3 });
    const keys = async (startAfter?: string) =>
      (await Array.fromAsync(store.list({ bucket: 'photos', prefix: 'list/', ...(startAfter && { startAfter }) }))).map(
        ({ key }) => key,
      );
    expect(await keys()).toEqual(['list/1', 'list/2', 'list/3']);
    expect(await keys('list/1')).toEqual(['list/2', 'list/3']);
  });
});

describe('a fault of S3', () => {
  let faulty: Server;
  let answer: { status: number; code: string };
  let store: S3ObjectStore;
  let client: S3Client;
  beforeAll(async () => {
    faulty = createServer((_, response) => {
      response.writeHead(answer.status, { 'content-type': 'application/xml' });
      response.end(`<?xml version="1.0"?><Error><Code>${answer.code}</Code><Message>m</Message></Error>`);
    });
    faulty.listen(0, '127.0.0.1');
    await once(faulty, 'listening');
    const endpoint = `http://127.0.0.1:${(faulty.address() as AddressInfo).port}`;
    client = new S3Client({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1, forcePathStyle: true });
    store = new S3ObjectStore({ client });
  });
  afterAll(() => {
    client.destroy();
    faulty.closeAllConnections();
    faulty.close();
  });

  test.each([
    [403, 'InvalidObjectState', 'archived', false],
    [400, 'InvalidRequest', 'encrypted', false],
    [403, 'AccessDenied', 'unreadable', true],
    [503, 'SlowDown', 'throttled', true],
    [500, 'InternalError', 'unavailable', true],
  ])('%i %s means %s', async (status, code, meaning, retryable) => {
    answer = { status, code };
    await expect(store.open({ bucket: 'photos', key: 'a' })).rejects.toMatchObject({ code: meaning, retryable });
  });

  test('that leaves an answer, or a body, hanging can pass', async () => {
    const hanging = createServer(({ url }, response) => {
      if (url!.includes('silent')) return;
      response.writeHead(200, {
        'content-length': '10',
        etag: '"e"',
        'last-modified': 'Fri, 02 Jan 2026 03:04:05 GMT',
      });
      response.write('abc');
    });
    hanging.listen(0, '127.0.0.1');
    await once(hanging, 'listening');
    const impatient = new S3Client({
      endpoint: `http://127.0.0.1:${(hanging.address() as AddressInfo).port}`,
      region: 'us-east-1',
      credentials,
      maxAttempts: 1,
      forcePathStyle: true,
      requestHandler: { requestTimeout: 200, socketTimeout: 200, throwOnRequestTimeout: true },
    });
    const objects = new S3ObjectStore({ client: impatient });
    const gone = { code: 'unavailable', retryable: true };
    await expect(objects.open({ bucket: 'photos', key: 'silent' })).rejects.toMatchObject(gone);
    const opened = await objects.open({ bucket: 'photos', key: 'broken-off' });
    await expect(opened!.read()).rejects.toMatchObject(gone);
    hanging.closeAllConnections();
    hanging.close();
  });

  test('of the connection can pass', async () => {
    const away = new S3Client({ endpoint: 'http://127.0.0.1:9', region: 'us-east-1', credentials, maxAttempts: 1 });
    const opening = new S3ObjectStore({ client: away }).open({ bucket: 'photos', key: 'a' });
    await expect(opening).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  });
});

describe('backfill', () => {
  test('enqueues every object once, with what the listing showed, and says how far it came', async () => {
    for (let i = 10; i < 33; i++) await put(`old/${i} ü+.jpg`, 'x');
    const progress: unknown[] = [];
    const objects = new S3ObjectStore({ client: s3 }).list({ bucket: 'photos', prefix: 'old/' });
    const done = await backfill({ objects, queue: queue('backfill'), onProgress: (each) => progress.push(each) });
    expect(done).toEqual({ enqueued: 23, lastKey: 'old/32 ü+.jpg' });
    expect(progress).toEqual([
      { enqueued: 10, lastKey: 'old/19 ü+.jpg' },
      { enqueued: 20, lastKey: 'old/29 ü+.jpg' },
      done,
    ]);
    const events = (await bodies('backfill')).flatMap((body) => parseMessage(body).events);
    expect(events.map(({ key }) => key).sort()).toEqual(Array.from({ length: 23 }, (_, i) => `old/${i + 10} ü+.jpg`));
    expect(events[0]).toMatchObject({ bucket: 'photos', etag: expect.any(String), lastModified: expect.any(Date) });
  });

  test('of an empty prefix enqueues nothing', async () => {
    const objects = new S3ObjectStore({ client: s3 }).list({ bucket: 'photos', prefix: 'none/' });
    expect(await backfill({ objects, queue: queue('empty') })).toEqual({ enqueued: 0 });
  });
});

describe('redrive', () => {
  const about = (key: string) => JSON.stringify({ source: 'tagmill.backfill', bucket: 'photos', key });

  test('moves every dead letter back, junk too', async () => {
    const letters = Array.from({ length: 13 }, (_, i) => (i === 5 ? 'junk' : about(`${i}.jpg`)));
    expect(await redrive({ deadLetters: queue('dead-all', letters), queue: queue('live-all') })).toEqual({
      moved: 13,
      left: 0,
    });
    expect((await bodies('live-all')).sort()).toEqual([...letters].sort());
    expect(await bodies('dead-all')).toEqual([]);
  });

  test('moves one image, and leaves the others to be seen at once', async () => {
    const letters = ['a.jpg', 'b.jpg', 'c.jpg'].map(about);
    const image = { bucket: 'photos', key: 'b.jpg' };
    expect(await redrive({ deadLetters: queue('dead-one', letters), queue: queue('live-one'), image })).toEqual({
      moved: 1,
      left: 2,
    });
    expect(await bodies('live-one')).toEqual([about('b.jpg')]);
    expect((await bodies('dead-one')).sort()).toEqual([about('a.jpg'), about('c.jpg')]);
  });
});

test('a queue counts what waits and what is in flight', async () => {
  const counted = queue('counted', ['a', 'b', 'c']);
  await counted.receive({ waitSeconds: 0, visibilitySeconds: 60 });
  await counted.send(['d', 'e']);
  expect(await counted.depth()).toEqual({ waiting: 2, inFlight: 3 });
});

test('a queue that is missing is an internal error', async () => {
  const missing = new SqsQueue({ client: sqs, queueUrl: server.queueUrl('none') });
  await expect(missing.send(['a'])).rejects.toMatchObject({ code: 'internal', retryable: false });
});
