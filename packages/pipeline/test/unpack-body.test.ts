import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type S3, startS3 } from '@tagmill/local-stack/s3';
import { S3ObjectStore } from '../src/index.ts';
import { unpackBody } from '../src/unpack-body.ts';

const image = Buffer.from('an image, an image, an image');
const unpack = async (body: Uint8Array, encoding?: string, maxBytes = 1000) =>
  Buffer.from(await unpackBody(body, { encoding, maxBytes })).toString();

describe('a body', () => {
  test.each<[string, Uint8Array]>([
    ['gzip', gzipSync(image)],
    ['GZIP', gzipSync(image)],
    ['x-gzip', gzipSync(image)],
    ['deflate', deflateSync(image)],
    ['br', brotliCompressSync(image)],
    ['zstd', zstdCompressSync(image)],
    ['gzip, aws-chunked', gzipSync(image)],
    ['br, gzip', gzipSync(brotliCompressSync(image))],
  ])('that was packed as %s is unpacked', async (encoding, body) => {
    expect(await unpack(body, encoding)).toBe(image.toString());
  });

  test.each([undefined, '', 'identity', 'aws-chunked', 'gzip'])(
    'that isn’t packed stays as it is: %s',
    async (encoding) => {
      expect(await unpack(image, encoding)).toBe(image.toString());
    },
  );

  test.each<[string, Uint8Array, string, string]>([
    ['of an unknown coding', image, 'compress', 'unsupported-format'],
    ['packed again and again', image, 'gzip, gzip, gzip', 'unsupported-format'],
    ['cut short', gzipSync(image).subarray(0, 20), 'gzip', 'corrupt'],
    ['of another coding', image, 'br', 'corrupt'],
    ['that unpacks to too much', gzipSync(Buffer.alloc(2 ** 20)), 'gzip', 'too-many-bytes'],
  ])('%s is refused', async (_, body, encoding, code) => {
    await expect(unpack(body, encoding)).rejects.toMatchObject({ code, retryable: false });
  });
});

describe('an object in S3', () => {
  let server: S3;
  let s3: S3Client;
  beforeAll(async () => {
    server = await startS3({ port: 0 });
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    s3 = new S3Client({ endpoint: server.endpoint, region: 'us-east-1', credentials, forcePathStyle: true });
    server.ensureBucket('photos');
  });
  afterAll(async () => {
    s3.destroy();
    await server.close();
  });

  test('says what it is packed with', async () => {
    const Body = gzipSync(image);
    await s3.send(new PutObjectCommand({ Bucket: 'photos', Key: 'a.jpg', Body, ContentEncoding: 'gzip' }));
    const object = (await new S3ObjectStore({ client: s3 }).open({ bucket: 'photos', key: 'a.jpg' }))!;
    expect(object.encoding).toBe('gzip');
    expect(await unpack(await object.read(), object.encoding)).toBe(image.toString());
  });
});
