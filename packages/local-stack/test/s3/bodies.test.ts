import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import {
  ChecksumAlgorithm,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BUCKET, refusal, send, startTestS3, type TestS3 } from './test-s3.ts';

const run = promisify(execFile);
let running: TestS3;
beforeAll(async () => {
  running = await startTestS3();
});
afterAll(() => running.close());

const ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
const headerOf = (algorithm: string) => `x-amz-checksum-${algorithm.toLowerCase()}`;

async function read(Key: string): Promise<string> {
  const { Body } = await running.client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
  return Body!.transformToString();
}

describe('a body', () => {
  test('may be empty and without a type: folder/', async () => {
    const { status } = await send(running.s3.endpoint, {
      method: 'PUT',
      path: `/${BUCKET}/folder/`,
      headers: { 'content-length': '0' },
    });
    expect(status).toBe(200);
    const head = await running.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'folder/' }));
    expect(head).toMatchObject({
      ContentLength: 0,
      ETag: '"d41d8cd98f00b204e9800998ecf8427e"',
      ContentType: 'binary/octet-stream',
    });
  });

  test('may come by curl --data-binary to a presigned URL', async () => {
    const url = await getSignedUrl(running.client, new PutObjectCommand({ Bucket: BUCKET, Key: 'ü & curl' }), {
      expiresIn: 60,
    });
    const { stdout } = await run('curl', [
      '-s',
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}',
      '-X',
      'PUT',
      '--data-binary',
      'a=1&b=2',
      url,
    ]);
    expect(stdout).toBe('200');
    expect(await read('ü & curl')).toBe('a=1&b=2');
    const readUrl = await getSignedUrl(
      running.client,
      new GetObjectCommand({ Bucket: BUCKET, Key: 'ü & curl', ResponseContentType: 'text/x' }),
    );
    const response = await fetch(readUrl);
    expect([await response.text(), response.headers.get('content-type')]).toEqual(['a=1&b=2', 'text/x']);
  });

  test.each([
    'application/x-www-form-urlencoded',
    'application/json',
    'multipart/form-data; boundary=x',
    'text/plain',
    'nonsense',
  ])('of the type %s is taken as it is', async (type) => {
    const { status } = await send(running.s3.endpoint, {
      method: 'PUT',
      path: `/${BUCKET}/typed`,
      headers: { 'content-type': type },
      body: '{"a',
    });
    expect(status).toBe(200);
    expect(await read('typed')).toBe('{"a');
  });

  test('that is compressed keeps its encoding, without how it was sent', async () => {
    const Body = gzipSync('text');
    await running.client.send(
      new PutObjectCommand({ Bucket: BUCKET, Key: 'zipped', Body, ContentEncoding: 'aws-chunked, gzip' }),
    );
    const head = await running.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'zipped' }));
    expect(head).toMatchObject({ ContentEncoding: 'gzip', ContentLength: Body.length });
  });

  test('in signed chunks with a trailer is taken apart, however it is cut', async () => {
    const trailer = 'x-amz-checksum-crc32:NhCmhg==\r\nx-amz-trailer-signature:00\r\n\r\n';
    const body = `3;chunk-signature=00\r\nhel\r\n2;chunk-signature=00\r\nlo\r\n0;chunk-signature=00\r\n${trailer}`;
    const headers = {
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
      'content-encoding': 'aws-chunked',
      'x-amz-decoded-content-length': '5',
      'x-amz-trailer': 'x-amz-checksum-crc32',
    };
    const put = (body: string) =>
      send(running.s3.endpoint, { method: 'PUT', path: `/${BUCKET}/chunked`, headers, body });
    expect(await put(body)).toMatchObject({ status: 200, headers: { 'x-amz-checksum-crc32': 'NhCmhg==' } });
    expect(await read('chunked')).toBe('hello');
    expect((await put(body.replace('NhCmhg', 'NhCmhA'))).body).toContain('BadDigest');
    expect((await put(body.slice(0, 30))).body).toContain('IncompleteBody');
    expect((await put('hello\r\n')).body).toContain('InvalidRequest');
    expect((await put(body.replace('lo\r\n', 'lo\r\n1\r\n!\r\n'))).body).toContain('IncompleteBody');
    expect(await read('chunked')).toBe('hello');
  });
});

describe('a checksum', () => {
  test.each(ALGORITHMS)('%s is checked, kept and given back', async (algorithm) => {
    const object = { Bucket: BUCKET, Key: algorithm };
    await running.client.send(new PutObjectCommand({ ...object, Body: 'bytes', ChecksumAlgorithm: algorithm }));
    // The client checks it, too.
    const got = await running.client.send(new GetObjectCommand({ ...object, ChecksumMode: 'ENABLED' }));
    expect(await got.Body!.transformToString()).toBe('bytes');
    const { Checksum } = await running.client.send(
      new GetObjectAttributesCommand({ ...object, ObjectAttributes: ['Checksum'] }),
    );
    const value = got[`Checksum${algorithm}`];
    expect(Checksum).toEqual({ [`Checksum${algorithm}`]: value, ChecksumType: 'FULL_OBJECT' });
    const headers = { [headerOf(algorithm)]: value! };
    const wrong = { method: 'PUT', path: `/${BUCKET}/${algorithm}`, headers, body: 'other' };
    expect((await send(running.s3.endpoint, wrong)).body).toContain('BadDigest');
    expect(await read(algorithm)).toBe('bytes');
  });

  test('in Content-MD5 or the signature’s SHA-256 is checked', async () => {
    const put = (headers: Record<string, string>) =>
      send(running.s3.endpoint, { method: 'PUT', path: `/${BUCKET}/md5`, headers, body: 'bytes' });
    const md5 = createHash('md5').update('bytes').digest('base64');
    const sha256 = createHash('sha256').update('bytes').digest('hex');
    expect((await put({ 'content-md5': md5, 'x-amz-content-sha256': sha256 })).status).toBe(200);
    expect((await put({ 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' })).body).toContain('BadDigest');
    expect((await put({ 'content-md5': 'short' })).body).toContain('InvalidDigest');
    expect((await put({ 'x-amz-content-sha256': sha256.replace(/^./, 'x') })).status).toBe(200);
    expect((await put({ 'x-amz-content-sha256': '0'.repeat(64) })).body).toContain('XAmzContentSHA256Mismatch');
  });

  const PART_BYTES = 5 * 2 ** 20;
  const parts = [Buffer.alloc(PART_BYTES, 'a'), Buffer.alloc(PART_BYTES, 'b'), Buffer.from('the end')];
  const object = { Bucket: BUCKET, Key: 'parts' };

  async function upload(ChecksumAlgorithm: ChecksumAlgorithm, ChecksumType: 'COMPOSITE' | 'FULL_OBJECT') {
    const { client } = running;
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({ ...object, ChecksumAlgorithm, ChecksumType }),
    );
    const Parts = [];
    for (const [i, Body] of parts.entries()) {
      const part = { ...object, UploadId, PartNumber: i + 1 };
      const { $metadata, ...rest } = await client.send(new UploadPartCommand({ ...part, Body, ChecksumAlgorithm }));
      Parts.push({ PartNumber: part.PartNumber, ...rest });
    }
    return client.send(new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload: { Parts } }));
  }

  test.each([ChecksumAlgorithm.CRC32, ChecksumAlgorithm.CRC32C, ChecksumAlgorithm.CRC64NVME])(
    '%s of a multipart upload is that of all its bytes',
    async (algorithm) => {
      const completed = await upload(algorithm, 'FULL_OBJECT');
      const whole = { Bucket: BUCKET, Key: 'whole', Body: Buffer.concat(parts), ChecksumAlgorithm: algorithm };
      const put = await running.client.send(new PutObjectCommand(whole));
      const name = `Checksum${algorithm}` as const;
      expect(completed).toMatchObject({ [name]: put[name], ChecksumType: 'FULL_OBJECT' });
      const copy = await running.client.send(
        new CopyObjectCommand({ Bucket: BUCKET, Key: 'copy', CopySource: `${BUCKET}/parts` }),
      );
      expect(copy.CopyObjectResult).toMatchObject({ ETag: put.ETag, [name]: put[name], ChecksumType: 'FULL_OBJECT' });
    },
  );

  test.each([ChecksumAlgorithm.CRC32, ChecksumAlgorithm.CRC32C, ChecksumAlgorithm.SHA1, ChecksumAlgorithm.SHA256])(
    '%s of a multipart upload is that of its parts’ checksums',
    async (algorithm) => {
      const completed = await upload(algorithm, 'COMPOSITE');
      expect(completed).toMatchObject({
        ChecksumType: 'COMPOSITE',
        [`Checksum${algorithm}`]: expect.stringMatching(/=-3$/),
      });
      const hash = createHash('md5');
      for (const part of parts) hash.update(createHash('md5').update(part).digest());
      expect(completed.ETag).toBe(`"${hash.digest('hex')}-3"`);
      if (algorithm.startsWith('SHA')) {
        const composite = createHash(algorithm);
        for (const part of parts) composite.update(createHash(algorithm).update(part).digest());
        expect(completed[`Checksum${algorithm}` as 'ChecksumSHA1']).toBe(`${composite.digest('base64')}-3`);
      }
    },
  );
});

describe('XML', () => {
  test('may have any entity: Go’s DeleteObjects writes &#34;, and so does rclone’s multipart upload', async () => {
    const key = 'a"<&>\'\r\n\u{1F431}';
    await running.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: 'x' }));
    const escaped = 'a&#34;&lt;&amp;&#62;&apos;&#xD;&#10;&#x1F431;';
    const body = `<Delete><Object><Key>${escaped}</Key></Object></Delete>`;
    const response = await send(running.s3.endpoint, { method: 'POST', path: `/${BUCKET}?delete`, body });
    expect(response.body).toContain('<Deleted><Key>a&quot;&lt;&amp;&gt;&apos;&#xD;&#xA;\u{1F431}</Key></Deleted>');
    expect(await refusal(running.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: key })))).toEqual([
      'NoSuchKey',
      404,
    ]);

    const upload = { Bucket: BUCKET, Key: 'go' };
    const { UploadId } = await running.client.send(new CreateMultipartUploadCommand(upload));
    const { ETag } = await running.client.send(
      new UploadPartCommand({ ...upload, UploadId, PartNumber: 1, Body: 'go' }),
    );
    const part = `<Part><PartNumber>1</PartNumber><ETag>${ETag!.replaceAll('"', '&#34;')}</ETag></Part>`;
    const completed = await send(running.s3.endpoint, {
      method: 'POST',
      path: `/${BUCKET}/go?uploadId=${UploadId}`,
      body: `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${part}</CompleteMultipartUpload>`,
    });
    expect(completed.status).toBe(200);
    expect(await read('go')).toBe('go');
  });

  test.each([
    '<Delete>',
    'nonsense',
    '',
    '<Delete><Object><Key>a</Key></Delete></Object>',
    '<!DOCTYPE x [<!ENTITY e "v">]><Delete>&e;</Delete>',
    '<Other/>',
  ])('that is malformed is refused: %s', async (body) => {
    const { status, body: answer } = await send(running.s3.endpoint, {
      method: 'POST',
      path: `/${BUCKET}?delete`,
      body,
    });
    expect([status, answer]).toEqual([400, expect.stringContaining('MalformedXML')]);
  });

  test('deletes a thousand keys at once, or none beyond that', async () => {
    const objects = Array.from({ length: 1001 }, (_, i) => ({ Key: `none-${i}` }));
    const deleteAll = (Objects: typeof objects) =>
      running.client.send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects } }));
    expect((await deleteAll(objects.slice(1))).Deleted).toHaveLength(1000);
    expect(await refusal(deleteAll(objects))).toEqual(['MalformedXML', 400]);
  });
});
