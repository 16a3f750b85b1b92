import {
  CopyObjectCommand,
  type CopyObjectCommandInput,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BUCKET, refusal, send, startTestS3, type TestS3 } from './test-s3.ts';

let running: TestS3;
beforeAll(async () => {
  running = await startTestS3();
});
afterAll(() => running.close());

const put = (Key: string, Body: string, more: object = {}) =>
  running.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body, ...more }));
const get = (Key: string, more: object = {}) =>
  running.client.send(new GetObjectCommand({ Bucket: BUCKET, Key, ...more }));
const read = async (Key: string, more: object = {}) => (await get(Key, more)).Body!.transformToString();
const copy = (Key: string, from: string, more: Partial<CopyObjectCommandInput> = {}) =>
  running.client.send(new CopyObjectCommand({ Bucket: BUCKET, Key, CopySource: `${BUCKET}/${from}`, ...more }));

describe('a key', () => {
  test.each([
    '\u{1F431}.jpg',
    'folder/',
    '../up',
    './here',
    'a//b',
    '/first',
    'a?b#c',
    'a+b c%20d',
    '100%',
    'ü'.normalize('NFD'),
    'ü'.normalize('NFC'),
    '\u0001\u007f\u0000',
    '\uffff',
    'x'.repeat(1024),
    '\u{1F431}'.repeat(256),
  ])('may be %j', async (key) => {
    // The client takes `.` and `..` out of a path, as it does of every URL.
    const path = `/${BUCKET}/${[...key].map((character) => encodeURIComponent(character)).join('')}`;
    expect((await send(running.s3.endpoint, { method: 'PUT', path, body: key })).status).toBe(200);
    expect((await send(running.s3.endpoint, { path })).body).toBe(key);
    expect((await send(running.s3.endpoint, { method: 'DELETE', path })).status).toBe(204);
    expect((await send(running.s3.endpoint, { path })).status).toBe(404);
  });

  test('of more than 1,024 bytes is refused', async () => {
    expect(await refusal(put('ü'.repeat(513), 'x'))).toEqual(['KeyTooLongError', 400]);
  });

  test('that isn’t UTF-8 is refused', async () => {
    const { status, body } = await send(running.s3.endpoint, { method: 'PUT', path: `/${BUCKET}/%ff`, body: 'x' });
    expect([status, body]).toEqual([400, expect.stringContaining('InvalidURI')]);
  });
});

describe('a condition', () => {
  test('on what is written lets one of many writers through', async () => {
    const writes = Array.from({ length: 10 }, (_, i) => put('race', `${i}`, { IfNoneMatch: '*' }));
    const results = await Promise.allSettled(writes);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await refusal(put('race', 'again', { IfNoneMatch: '*' }))).toEqual(['PreconditionFailed', 412]);
  });

  test('on an ETag keeps a lost update away, of a put, a copy and a delete', async () => {
    const { ETag } = await put('etag', 'one');
    const { ETag: newer } = await put('etag', 'two', { IfMatch: ETag });
    const key = { Bucket: BUCKET, Key: 'etag' };
    expect(await refusal(put('etag', 'three', { IfMatch: ETag }))).toEqual(['PreconditionFailed', 412]);
    expect(await refusal(copy('etag', 'etag', { CopySourceIfMatch: ETag, MetadataDirective: 'REPLACE' }))).toEqual([
      'PreconditionFailed',
      412,
    ]);
    expect(await refusal(running.client.send(new DeleteObjectCommand({ ...key, IfMatch: ETag })))).toEqual([
      'PreconditionFailed',
      412,
    ]);
    expect(await read('etag')).toBe('two');
    await running.client.send(new DeleteObjectCommand({ ...key, IfMatch: newer }));
    expect(await refusal(put('etag', 'three', { IfMatch: newer }))).toEqual(['NoSuchKey', 404]);
  });

  test('on a read answers as HTTP says', async () => {
    const { ETag } = await put('read', 'x');
    const [before, after] = [new Date(Date.now() - 60_000), new Date(Date.now() + 60_000)];
    expect(await read('read', { IfMatch: ETag, IfUnmodifiedSince: before })).toBe('x');
    expect(await refusal(get('read', { IfMatch: '"other"' }))).toEqual(['PreconditionFailed', 412]);
    expect(await refusal(get('read', { IfUnmodifiedSince: before }))).toEqual(['PreconditionFailed', 412]);
    expect((await refusal(get('read', { IfNoneMatch: ETag })))[1]).toBe(304);
    expect((await refusal(get('read', { IfModifiedSince: after })))[1]).toBe(304);
    expect(await read('read', { IfNoneMatch: '"other"', IfModifiedSince: after })).toBe('x');
  });
});

describe('a range', () => {
  const body = `${'x'.repeat(40_000)}the end`;
  test.each([
    ['bytes=0-0', 'x', 'bytes 0-0/40007'],
    ['bytes=-3', 'end', 'bytes 40004-40006/40007'],
    ['bytes=39999-', 'xthe end', 'bytes 39999-40006/40007'],
    ['bytes=40004-99999', 'end', 'bytes 40004-40006/40007'],
  ])('%s gives these bytes', async (Range, expected, ContentRange) => {
    await put('ranged', body);
    const response = await get('ranged', { Range });
    expect(response).toMatchObject({
      ContentRange,
      ContentLength: expected.length,
      $metadata: { httpStatusCode: 206 },
    });
    expect(await response.Body!.transformToString()).toBe(expected);
  });

  test('beyond the end, or of an empty object, is refused', async () => {
    await put('ranged', body);
    const { status } = await send(running.s3.endpoint, { method: 'PUT', path: `/${BUCKET}/empty` });
    expect(status).toBe(200);
    expect(await refusal(get('ranged', { Range: 'bytes=40007-' }))).toEqual(['InvalidRange', 416]);
    expect(await refusal(get('empty', { Range: 'bytes=0-1' }))).toEqual(['InvalidRange', 416]);
  });

  test('of several ranges, or of nonsense, gives the whole', async () => {
    await put('ranged', 'whole');
    for (const Range of ['bytes=0-0,2-3', 'bytes=3-1', 'lines=1-2'])
      expect(await read('ranged', { Range })).toBe('whole');
  });
});

describe('a copy', () => {
  const described = {
    Metadata: { a: '1', empty: '' },
    ContentType: 'image/jpeg',
    CacheControl: 'no-cache',
    Tagging: 'k=v%26w',
  };
  const head = (Key: string) => running.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key }));
  const tags = async (Key: string) =>
    (await running.client.send(new GetObjectTaggingCommand({ Bucket: BUCKET, Key }))).TagSet;

  test('has the metadata and tags of its source, unless told', async () => {
    await put('source \u{1F431}+', 'bytes', described);
    await copy('copy', encodeURIComponent('source \u{1F431}+'));
    expect(await read('copy')).toBe('bytes');
    expect(await head('copy')).toMatchObject({
      Metadata: described.Metadata,
      ContentType: 'image/jpeg',
      CacheControl: 'no-cache',
    });
    expect(await tags('copy')).toEqual([{ Key: 'k', Value: 'v&w' }]);
    const replaced = { Metadata: { b: '2' }, ContentType: 'text/plain', Tagging: 'new=1' };
    await copy('copy', 'copy', { ...replaced, MetadataDirective: 'REPLACE', TaggingDirective: 'REPLACE' });
    const { Metadata, ContentType, CacheControl } = await head('copy');
    expect({ Metadata, ContentType, CacheControl }).toEqual({
      Metadata: { b: '2' },
      ContentType: 'text/plain',
      CacheControl: undefined,
    });
    expect(await tags('copy')).toEqual([{ Key: 'new', Value: '1' }]);
  });

  test('onto itself that changes nothing is refused', async () => {
    await put('itself', 'x');
    expect(await refusal(copy('itself', 'itself'))).toEqual(['InvalidRequest', 400]);
  });

  test('of what isn’t there is refused', async () => {
    expect(await refusal(copy('copy', 'nothing'))).toEqual(['NoSuchKey', 404]);
    const elsewhere = new CopyObjectCommand({ Bucket: BUCKET, Key: 'copy', CopySource: 'no-such-bucket/x' });
    expect(await refusal(running.client.send(elsewhere))).toEqual(['NoSuchBucket', 404]);
  });
});

test('an object that is replaced while it is read is read to its end', async () => {
  const body = 'a'.repeat(8 * 2 ** 20);
  await put('busy', body);
  const { Body } = await get('busy');
  await put('busy', 'other');
  expect((await Body!.transformToString()).length).toBe(body.length);
  expect(await read('busy')).toBe('other');
});

describe('a presigned URL', () => {
  test('carries metadata of any characters, and the object can be read', async () => {
    const path = `/${BUCKET}/presigned?X-Amz-Expires=60&X-Amz-Date=${new Date().toISOString().replace(/[-:]|\.\d+/g, '')}`;
    const title = 'ü 🐱';
    const put = `${path}&x-amz-meta-title=${encodeURIComponent(title)}`;
    expect((await send(running.s3.endpoint, { method: 'PUT', path: put, body: 'a' })).status).toBe(200);
    expect(Buffer.from((await get('presigned')).Metadata!.title!, 'latin1').toString()).toBe(title);
  });

  test.each([
    ['attachment; filename="ü.jpg"', 200],
    ['attachment; filename="🐱.jpg"', 400],
    ['a\r\nb', 400],
  ])('chooses headers that can be written, and no others: %j', async (disposition, status) => {
    await put('chosen', 'a');
    const path = `/${BUCKET}/chosen?response-content-disposition=${encodeURIComponent(disposition)}`;
    const { status: answered, headers, body } = await send(running.s3.endpoint, { path });
    expect(answered).toBe(status);
    if (status === 200) expect(headers['content-disposition']).toBe(disposition);
    else expect(body).toContain('<Code>InvalidArgument</Code>');
  });
});
