import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type AwsClients, startAwsClients } from '../../../test/helpers/aws-clients.ts';
import { S3ObjectStore, SqsQueue } from '../src/index.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
let aws: AwsClients;
beforeAll(async () => {
  aws = await startAwsClients();
  aws.server.createBucket('photos');
});
afterAll(() => aws.close());

const put = (Key: string, Body: string, Metadata = {}) =>
  aws.s3.send(new PutObjectCommand({ Bucket: 'photos', Key, Body, Metadata }));

/** Makes a queue, with messages in it. */
function queue(name: string, bodies: string[] = []): SqsQueue {
  const queueUrl = aws.server.createQueue(name);
  for (const body of bodies) aws.server.sendMessage(name, body);
  return new SqsQueue({ client: aws.sqs, queueUrl });
}

describe('objects in S3', () => {
  test('open with what is known of them, and are read on demand', async () => {
    await put('a b/ü+.jpg', 'body', { 'latency-budget-ms': '500' });
    const object = (await new S3ObjectStore({ client: aws.s3 }).open({ bucket: 'photos', key: 'a b/ü+.jpg' }))!;
    expect(object).toMatchObject({
      etag: '841a2d689ad86bd1611447453c22c6fc',
      sizeBytes: 4,
      metadata: { 'latency-budget-ms': '500' },
      lastModified: expect.any(Date),
    });
    expect(Buffer.from(await object.read()).toString()).toBe('body');
  });

  test('are written whole, and say under which tag', async () => {
    const store = new S3ObjectStore({ client: aws.s3 });
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
    const store = new S3ObjectStore({ client: aws.s3 });
    for (let i = 0; i < 60; i++) (await store.open({ bucket: 'photos', key: 'large' }))!.discard();
    expect(await store.open({ bucket: 'photos', key: 'large' })).toBeDefined();
  });

  test('that are missing, or whose bucket is, are gone', async () => {
    const store = new S3ObjectStore({ client: aws.s3 });
    expect(await store.open({ bucket: 'photos', key: 'none' })).toBeUndefined();
    expect(await store.open({ bucket: 'no-such-bucket', key: 'none' })).toBeUndefined();
  });

  test('are listed below a prefix, and on from a key', async () => {
    for (const key of ['list/1', 'list/2', 'list/3', 'other/1']) await put(key, key);
    const store = new S3ObjectStore({ client: aws.s3 });
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

test('a queue counts what waits and what is in flight', async () => {
  const counted = queue('counted', ['a', 'b', 'c']);
  await counted.receive({ waitSeconds: 0, visibilitySeconds: 60 });
  await counted.send(['d', 'e']);
  expect(await counted.depth()).toEqual({ waiting: 2, inFlight: 3 });
});

test('a queue that is missing is an internal error', async () => {
  const missing = new SqsQueue({ client: aws.sqs, queueUrl: aws.server.queueUrl('none') });
  await expect(missing.send(['a'])).rejects.toMatchObject({ code: 'internal', retryable: false });
});
