import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { bodies, closeSmallStack, events, startSmallStack } from './running-small-stack.ts';

jest.setTimeout(40_000);
afterEach(closeSmallStack);

/** Long enough for a busy machine to start a function: a message that waits longer is seen twice. */
const visibilityTimeout = 30;

describe('a bucket', () => {
  test('tells its queue of every object once, and tests the queue first', async () => {
    const { put, seen, outputs } = await startSmallStack({ visibilityTimeout });
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
    const { put, remove, seen } = await startSmallStack({ visibilityTimeout });
    await put('a b/ü+%.jpg');
    await remove('a b/ü+%.jpg');
    const [first, second] = events(await seen((all) => bodies(all).length >= 3)).sort((a, b) =>
      a.sequencer < b.sequencer ? -1 : 1,
    );
    expect(first).toMatchObject({ eventName: 'ObjectCreated:Put', key: 'a+b/%C3%BC%2B%25.jpg' });
    expect(second).toMatchObject({ eventName: 'ObjectRemoved:Delete', key: first.key });
  });

  test('names how an object came: put, however large, copied, or in parts', async () => {
    const { put, seen, s3, Bucket } = await startSmallStack({ visibilityTimeout });
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
    const { endpoints, Bucket, put } = await startSmallStack({ visibilityTimeout });
    await put('a.jpg');
    const url = `${endpoints.s3}/${Bucket}/a.jpg`;
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(url, { headers: { origin: 'https://elsewhere.example' } })).status).toBe(403);
  });

  test('keeps to the filters of the template', async () => {
    const { put, seen } = await startSmallStack({
      visibilityTimeout,
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
