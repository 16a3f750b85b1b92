import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BUCKET, startTestS3, type TestS3 } from './test-s3.ts';

let running: TestS3;
beforeAll(async () => {
  running = await startTestS3();
});
afterAll(() => running.close());

const HOUR_MS = 3_600_000;
const CONDITIONS: unknown[] = [
  { bucket: BUCKET },
  ['starts-with', '$key', 'in/'],
  ['content-length-range', 2, 1_000_000],
];

function policy(conditions: unknown[] = CONDITIONS, expiresInMs = HOUR_MS): Record<string, string> {
  const document = { expiration: new Date(Date.now() + expiresInMs).toISOString(), conditions };
  return { policy: Buffer.from(JSON.stringify(document)).toString('base64'), 'x-amz-signature': 'unchecked' };
}

async function post(fields: Record<string, string>, file: string | Buffer<ArrayBuffer> = 'bytes') {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new File([file], 'ü cat.jpg'));
  const response = await fetch(`${running.s3.endpoint}/${BUCKET}`, { method: 'POST', body: form, redirect: 'manual' });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

describe('a form', () => {
  test('uploads its file with what its fields say', async () => {
    const { status } = await post({ key: 'in/${filename}', 'Content-Type': 'image/jpeg', 'x-amz-meta-a': 'b' });
    expect(status).toBe(204);
    const got = await running.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'in/ü cat.jpg' }));
    expect(await got.Body!.transformToString()).toBe('bytes');
    expect(got).toMatchObject({ ContentType: 'image/jpeg', Metadata: { a: 'b' } });
  });

  test('may say in its fields what no header’s characters are, and the object can be read', async () => {
    const title = 'ü 🐱';
    await post({ key: 'titled', 'x-amz-meta-title': title, 'Content-Disposition': `inline; filename="${title}"` });
    const got = await running.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'titled' }));
    const asText = (header: string | undefined) => Buffer.from(header!, 'latin1').toString();
    expect([got.Metadata!.title, got.ContentDisposition].map(asText)).toEqual([title, `inline; filename="${title}"`]);
  });

  test.each<[string, Record<string, string>]>([
    ['a line end in a value', { 'x-amz-meta-a': 'one\r\ntwo' }],
    ['a name that no header has', { 'x-amz-meta-ü': 'a' }],
  ])('with %s is refused, not kept as what can’t be read', async (_, fields) => {
    expect(await post({ key: 'refused', ...fields })).toMatchObject({
      status: 400,
      body: expect.stringContaining('<Code>InvalidArgument</Code>'),
    });
    const head = running.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'refused' }));
    await expect(head).rejects.toMatchObject({ name: 'NotFound' });
  });

  test('is answered as it asks', async () => {
    expect(await post({ key: 'a', success_action_status: '201' })).toMatchObject({
      status: 201,
      body: expect.stringContaining(`<Bucket>${BUCKET}</Bucket><Key>a</Key>`),
    });
    const { status, headers } = await post({ key: 'a', success_action_redirect: 'http://localhost/done?x=1' });
    const location = `http://localhost/done?x=1&bucket=${BUCKET}&key=a&etag=%224b3a6218bb3e3a7303e8a171a60fcf92%22`;
    expect([status, headers.get('location')]).toEqual([303, location]);
  });

  test('without a file, or of another type, is refused', async () => {
    const form = new FormData();
    form.append('key', 'x');
    const url = `${running.s3.endpoint}/${BUCKET}`;
    expect(await (await fetch(url, { method: 'POST', body: form })).text()).toContain('exactly one file');
    expect((await fetch(url, { method: 'POST', body: 'key=x' })).status).toBe(400);
  });
});

describe('a policy', () => {
  test('lets through what it allows', async () => {
    expect((await post({ key: 'in/a', ...policy() })).status).toBe(204);
  });

  test.each<[string, Record<string, string>, string | Buffer<ArrayBuffer>, string]>([
    ['has expired', { key: 'in/b', ...policy(CONDITIONS, -HOUR_MS) }, 'bytes', 'Policy expired'],
    ['asks for another key', { key: 'out/b', ...policy() }, 'bytes', 'Policy Condition failed'],
    [
      'is of another bucket',
      { key: 'in/b', ...policy([{ bucket: 'other' }, CONDITIONS[1]]) },
      'bytes',
      'Policy Condition failed',
    ],
    [
      'doesn’t name a field',
      { key: 'in/b', 'x-amz-meta-a': 'b', ...policy() },
      'bytes',
      'Extra input fields: x-amz-meta-a',
    ],
    ['asks for more bytes', { key: 'in/b', ...policy() }, 'x', 'EntityTooSmall'],
    ['asks for fewer bytes', { key: 'in/b', ...policy() }, Buffer.alloc(3_000_000), 'EntityTooLarge'],
    [
      'isn’t one',
      { key: 'in/b', policy: 'bm9uZQ==', 'x-amz-signature': 'unchecked' },
      'bytes',
      'InvalidPolicyDocument',
    ],
    ['isn’t signed', { key: 'in/b', policy: policy().policy! }, 'bytes', "'signature'"],
  ])('that %s refuses the form, and the next request is answered', async (_name, fields, file, reason) => {
    expect((await post(fields, file)).body.replaceAll('&apos;', "'")).toContain(reason);
    const head = running.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'in/b' }));
    await expect(head).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
    expect((await post({ key: 'in/c', ...policy() })).status).toBe(204);
  });
});
