import {
  DeleteBucketLifecycleCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectRetentionCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BUCKET, refusal, send, startTestS3, type TestS3 } from './test-s3.ts';

let running: TestS3;
const object = { Bucket: BUCKET, Key: 'cat.jpg' };
beforeAll(async () => {
  running = await startTestS3();
  await running.client.send(new PutObjectCommand({ ...object, Body: 'a cat' }));
});
afterAll(() => running.close());

async function catIsThere(): Promise<void> {
  const { Body } = await running.client.send(new GetObjectCommand(object));
  expect(await Body?.transformToString()).toBe('a cat');
}

describe('tags of an object', () => {
  test('are put, read and deleted, and the object stays', async () => {
    const TagSet = [{ Key: 'a&b', Value: '<1>' }];
    await running.client.send(new PutObjectTaggingCommand({ ...object, Tagging: { TagSet } }));
    expect((await running.client.send(new GetObjectTaggingCommand(object))).TagSet).toEqual(TagSet);
    await catIsThere();
    await running.client.send(new DeleteObjectTaggingCommand(object));
    expect((await running.client.send(new GetObjectTaggingCommand(object))).TagSet).toEqual([]);
    await catIsThere();
  });

  test('are refused beyond ten, or twice with one key', async () => {
    const many = Array.from({ length: 11 }, (_, i) => ({ Key: `${i}`, Value: '' }));
    for (const TagSet of [many, [many[0]!, many[0]!]]) {
      const put = running.client.send(new PutObjectTaggingCommand({ ...object, Tagging: { TagSet } }));
      expect(await refusal(put)).toEqual(['InvalidTag', 400]);
    }
  });
});

test('deleting the tags of an empty bucket leaves the bucket', async () => {
  running.s3.ensureBucket('empty');
  await running.client.send(
    new PutBucketTaggingCommand({ Bucket: 'empty', Tagging: { TagSet: [{ Key: 'k', Value: 'v' }] } }),
  );
  await running.client.send(new DeleteBucketTaggingCommand({ Bucket: 'empty' }));
  await running.client.send(new HeadBucketCommand({ Bucket: 'empty' }));
});

test('versioning that was put is there', async () => {
  running.s3.ensureBucket('versioned');
  const bucket = { Bucket: 'versioned' };
  expect((await running.client.send(new GetBucketVersioningCommand(bucket))).Status).toBeUndefined();
  await running.client.send(
    new PutBucketVersioningCommand({ ...bucket, VersioningConfiguration: { Status: 'Enabled' } }),
  );
  expect((await running.client.send(new GetBucketVersioningCommand(bucket))).Status).toBe('Enabled');
});

test('an ACL is answered with an ACL, not with the image', async () => {
  const { Grants } = await running.client.send(new GetObjectAclCommand(object));
  expect(Grants).toMatchObject([{ Permission: 'FULL_CONTROL' }]);
});

describe('what isn’t known is refused by name', () => {
  test.each<[string, () => Promise<unknown>]>([
    [
      'encryption',
      () =>
        running.client.send(
          new PutBucketEncryptionCommand({ Bucket: BUCKET, ServerSideEncryptionConfiguration: { Rules: [] } }),
        ),
    ],
    ['policy', () => running.client.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy: '{}' }))],
    ['lifecycle', () => running.client.send(new DeleteBucketLifecycleCommand({ Bucket: BUCKET }))],
    [
      'retention',
      () => running.client.send(new PutObjectRetentionCommand({ ...object, Retention: { Mode: 'GOVERNANCE' } })),
    ],
  ])('%s', async (_name, request) => {
    expect(await refusal(request())).toEqual(['NotImplemented', 501]);
    await catIsThere();
  });

  test.each([
    ['GET', '?torrent'],
    ['GET', '?invented'],
    ['PUT', '?invented=1'],
    ['DELETE', '?invented'],
    ['POST', '?restore'],
    ['POST', '?select&select-type=2'],
  ])('%s of an object with %s', async (method, query) => {
    const { status, body } = await send(running.s3.endpoint, { method, path: `/${BUCKET}/cat.jpg${query}` });
    expect(status).toBe(501);
    expect(body).toContain(`${method} of an object with ${/\?\w+/.exec(query)} is not implemented`);
    await catIsThere();
  });

  test('notifications to what isn’t a queue', async () => {
    const NotificationConfiguration = { EventBridgeConfiguration: {} };
    const put = running.client.send(
      new PutBucketNotificationConfigurationCommand({ Bucket: BUCKET, NotificationConfiguration }),
    );
    await expect(put).rejects.toThrow(/EventBridgeConfiguration is not implemented/);
  });

  test('a key of the client’s own for encryption', async () => {
    const put = running.client.send(
      new PutObjectCommand({
        ...object,
        SSECustomerAlgorithm: 'AES256',
        SSECustomerKey: 'MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=',
        SSECustomerKeyMD5: 'x',
      }),
    );
    expect(await refusal(put)).toEqual(['NotImplemented', 501]);
    await catIsThere();
  });
});

describe('who asks', () => {
  const path = `/${BUCKET}/cat.jpg`;

  test('by a name that isn’t this machine’s is refused', async () => {
    expect((await send(running.s3.endpoint, { path, headers: { host: 'evil.example' } })).status).toBe(403);
  });

  test('from another site’s page may not write, unless the bucket’s CORS rules say so', async () => {
    const write = { method: 'PUT', path: '/cors/x', headers: { origin: 'https://site.example' }, body: 'x' };
    running.s3.ensureBucket('cors');
    expect((await send(running.s3.endpoint, write)).status).toBe(403);
    running.s3.ensureBucket('cors', {
      cors: [{ origins: ['https://*.example'], methods: ['PUT'], allowedHeaders: [], exposedHeaders: ['ETag'] }],
    });
    const { status, headers } = await send(running.s3.endpoint, write);
    expect([status, headers['access-control-allow-origin']]).toEqual([200, 'https://site.example']);
    expect((await send(running.s3.endpoint, { ...write, method: 'DELETE', body: '' })).status).toBe(403);
  });

  test('may name the bucket in the host’s name', async () => {
    for (const host of [`${BUCKET}.localhost`, `${BUCKET}.s3.localhost`, `${BUCKET}.s3.us-east-1.localhost`]) {
      expect((await send(running.s3.endpoint, { path: '/cat.jpg', headers: { host } })).body).toBe('a cat');
    }
    expect((await send(running.s3.endpoint, { path, headers: { host: 's3.localhost' } })).body).toBe('a cat');
  });
});
