import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { BUCKET, createClient, QUEUE_ARN, refusal, startTestS3, type TestS3 } from './test-s3.ts';

jest.setTimeout(60_000);

const PROCESS = path.join(import.meta.dirname, '../fixtures/s3-process.ts');
const rules = [{ queueArn: QUEUE_ARN, events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'], prefix: '', suffix: '' }];

let dataDirectory: string;
const children: ChildProcess[] = [];
const started: TestS3[] = [];
beforeEach(() => {
  dataDirectory = fs.mkdtempSync(path.join(os.tmpdir(), 's3-durability-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const { close } of started.splice(0)) await close();
  fs.rmSync(dataDirectory, { recursive: true });
});

async function start(options: Parameters<typeof startTestS3>[0] = {}): Promise<TestS3> {
  const running = await startTestS3({ dataDirectory, ...options });
  started.push(running);
  return running;
}

async function stop(running: TestS3): Promise<void> {
  started.splice(started.indexOf(running), 1);
  await running.close();
}

/** In a process that can be killed. */
async function startProcess(command: string, args: readonly string[]) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [endpoint] = await once(child.stdout!, 'data');
  return { child, endpoint: String(endpoint).trim(), client: createClient(String(endpoint).trim()) };
}

const filesOfBodies = () => fs.readdirSync(path.join(dataDirectory, 'bodies'));
const keysOf = async ({ client }: TestS3) =>
  ((await client.send(new ListObjectsV2Command({ Bucket: BUCKET }))).Contents ?? []).map(({ Key }) => Key);

test('what was stored is there after a restart', async () => {
  const first = await start();
  const large = randomBytes(100_000);
  await first.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'large', Body: large, Metadata: { a: 'b' } }));
  await first.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'small', Body: 'x' }));
  await stop(first);
  const second = await start();
  const got = await second.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'large' }));
  expect(Buffer.from(await got.Body!.transformToByteArray()).equals(large)).toBe(true);
  expect(got.Metadata).toEqual({ a: 'b' });
  expect(await keysOf(second)).toEqual(['large', 'small']);
});

describe('a process that is killed', () => {
  test('leaves an object whole or not at all, and nothing besides', async () => {
    const { child, endpoint, client } = await startProcess(process.execPath, [PROCESS, dataDirectory]);
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'whole', Body: Buffer.alloc(300_000, 'w') }));
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'replaced', Body: 'before' }));
    for (const key of ['half', 'replaced']) {
      const headers = { 'content-length': '10000000' };
      const upload = http.request(`${endpoint}/${BUCKET}/${key}`, { method: 'PUT', headers, agent: false });
      upload.on('error', () => {});
      upload.write(Buffer.alloc(2_000_000));
    }
    // Both have begun to be written.
    while (filesOfBodies().length < 3) await new Promise(setImmediate);
    child.kill('SIGKILL');
    await once(child, 'exit');

    const running = await start();
    expect(await keysOf(running)).toEqual(['replaced', 'whole']);
    expect(filesOfBodies()).toHaveLength(1);
    const whole = await running.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'whole' }));
    expect(await whole.Body!.transformToString()).toBe('w'.repeat(300_000));
    const replaced = await running.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'replaced' }));
    expect(await replaced.Body!.transformToString()).toBe('before');
  });

  test('between a change and its event tells the event at its next start', async () => {
    const { child, client } = await startProcess(process.execPath, [PROCESS, dataDirectory, '--die-of-events']);
    await refusal(client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'untold', Body: 'x' }))).catch(() => {});
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');

    const running = await start();
    expect(await keysOf(running)).toEqual(['untold']);
    running.s3.tellRest();
    expect(running.sent.map(({ body }) => body.Records[0].s3.object.key)).toEqual(['untold']);
    await stop(running);
    const later = await start();
    later.s3.tellRest();
    expect(later.sent).toEqual([]);
  });
});

test('sequencers rise over restarts, also after a clock that was ahead or behind', async () => {
  const sequencers: string[] = [];
  const year = 365 * 24 * 3_600_000;
  for (const offset of [0, year, 0, -year]) {
    const running = await start({ now: () => Date.now() + offset });
    running.s3.ensureBucket(BUCKET, { notifications: rules });
    running.sent.length = 0;
    for (let i = 0; i < 3; i++) {
      await running.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'same', Body: `${i}` }));
    }
    sequencers.push(...running.sent.map(({ body }) => body.Records[0].s3.object.sequencer));
    await stop(running);
  }
  expect(sequencers).toHaveLength(12);
  expect(new Set(sequencers).size).toBe(12);
  expect(sequencers).toEqual(sequencers.toSorted());
});

// A limit on the size of files is the full disk that needs no file system of its own.
const limited = ['-c', 'ulimit -f 4096; trap "" XFSZ; exec "$0" "$@"', process.execPath, PROCESS];
(process.platform === 'win32' ? test.skip : test)(
  'a full disk refuses an object, and leaves nothing of it',
  async () => {
    const { endpoint, client } = await startProcess('bash', [...limited, dataDirectory]);
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'kept', Body: 'before' }));
    for (const Key of ['large', 'kept']) {
      const put = client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: Buffer.alloc(8_000_000) }));
      expect(await refusal(put)).toEqual(['InsufficientStorage', 507]);
    }
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(['kept']);
    expect(filesOfBodies()).toEqual([]);
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'fits', Body: Buffer.alloc(1_000_000) }));
    expect(await (await fetch(`${endpoint}/${BUCKET}/kept`)).text()).toBe('before');
  },
);
