import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { emptyBucket } from '../src/empty-bucket.ts';

const xml = (element: string, content: string) =>
  `<?xml version="1.0"?><${element} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</${element}>`;
const version = (key: string, id: string) => `<Version><Key>${key}</Key><VersionId>${id}</VersionId></Version>`;
const marker = (key: string, id: string) =>
  `<DeleteMarker><Key>${key}</Key><VersionId>${id}</VersionId></DeleteMarker>`;
const upload = (key: string, id: string) => `<Upload><Key>${key}</Key><UploadId>${id}</UploadId></Upload>`;

const VERSIONS = [version('a+b', '1') + marker('a+b', '2') + version('bell%07', '3'), version('%F0%9F%98%80', 'null')];
const UPLOADS = [upload('u+1', 'x'), upload('u+2', 'y')];

const ENCODED = '<EncodingType>url</EncodingType>';

/** A bucket of two pages of each listing; what is asked of it, and how it answers DeleteObjects. */
let server: Server;
let client: S3Client;
let asked: string[];
let pages: { versions: string[]; uploads: string[] };
let deletions: { status: number; body: string };
beforeEach(() => {
  asked = [];
  pages = { versions: VERSIONS.map((each) => ENCODED + each), uploads: UPLOADS.map((each) => ENCODED + each) };
  deletions = { status: 200, body: xml('DeleteResult', '') };
});
beforeAll(async () => {
  server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://s3.local');
    const body = await text(request);
    const keys = [...body.matchAll(/<Key>(.*?)<\/Key>(?:<VersionId>(.*?)<\/VersionId>)?/gs)];
    const named = keys.map(([, key, id]) => `${key}@${id}`).join(' ');
    const rest = [...searchParams].filter(([name]) => !/^(x-id|encoding-type|max-keys)$/.test(name));
    const query = rest.map(([name, value]) => (value ? `${name}=${value}` : name)).join('&');
    asked.push(`${request.method} ${decodeURIComponent(pathname)}?${query} ${named}`.trim());
    const answer = (content: string) => response.setHeader('content-type', 'application/xml').end(content);
    if (pathname.startsWith('/gone')) {
      response.statusCode = 404;
      answer('<Error><Code>NoSuchBucket</Code><Message>gone</Message></Error>');
    } else if (searchParams.has('delete')) {
      response.statusCode = deletions.status;
      answer(deletions.body);
    } else if (request.method === 'DELETE') {
      response.writeHead(204).end();
    } else if (searchParams.has('versions')) {
      answer(xml('ListVersionsResult', pages.versions.shift() ?? ''));
    } else {
      answer(xml('ListMultipartUploadsResult', pages.uploads.shift() ?? ''));
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = new S3Client({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    forcePathStyle: true,
    maxAttempts: 1,
  });
});
afterAll(() => {
  client.destroy();
  server.close();
});

describe('emptying a bucket', () => {
  test('deletes all pages of versions and delete markers, then unfinished uploads; a key that XML can’t hold by itself', async () => {
    expect(await emptyBucket('photos', { client })).toEqual({ versions: 3, deleteMarkers: 1, uploads: 2 });
    expect(asked).toEqual([
      'GET /photos/?versions',
      'DELETE /photos/bell\x07?versionId=3',
      'POST /photos/?delete a b@1 a b@2',
      'GET /photos/?versions',
      'POST /photos/?delete 😀@null',
      'GET /photos/?versions',
      'GET /photos/?uploads',
      'DELETE /photos/u 1?uploadId=x',
      'GET /photos/?uploads',
      'DELETE /photos/u 2?uploadId=y',
      'GET /photos/?uploads',
    ]);
  });

  test('takes names as they are where S3 didn’t encode them', async () => {
    pages = { versions: [version('a+b', '1') + version('%2F', '2')], uploads: [upload('u+1', 'x')] };
    await emptyBucket('photos', { client });
    expect(asked).toContain('POST /photos/?delete a+b@1 %2F@2');
    expect(asked).toContain('DELETE /photos/u+1?uploadId=x');
  });

  test('gives up on what is listed however often it is deleted, and names it', async () => {
    pages.versions = Array.from({ length: 50 }, () => version('a', '1'));
    await expect(emptyBucket('photos', { client })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('s3://photos/a is listed again'),
    });
    pages = { versions: [], uploads: Array.from({ length: 50 }, () => upload('u', 'x')) };
    await expect(emptyBucket('photos', { client })).rejects.toMatchObject({
      message: expect.stringContaining('s3://photos/u is listed again'),
    });
  });

  test('tells how far it is after each page', async () => {
    const seen: number[] = [];
    await emptyBucket('photos', { client, onProgress: ({ versions, uploads }) => seen.push(10 * versions + uploads) });
    expect(seen).toEqual([20, 30, 31, 32]);
  });

  test('ends at an object that S3 doesn’t delete, and names it', async () => {
    const refusal = '<Error><Key>a b</Key><Code>AccessDenied</Code><Message>Locked</Message></Error>';
    deletions.body = xml('DeleteResult', refusal);
    await expect(emptyBucket('photos', { client })).rejects.toMatchObject({
      code: 'unavailable',
      message: 's3://photos/a b cannot be deleted: AccessDenied Locked; 1 in all',
    });
  });

  test('may be tried again when S3 fails', async () => {
    deletions = { status: 500, body: '<Error><Code>InternalError</Code><Message>Try again</Message></Error>' };
    await expect(emptyBucket('photos', { client })).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  });

  test('is done where there is no bucket any more', async () => {
    expect(await emptyBucket('gone', { client })).toEqual({ versions: 0, deleteMarkers: 0, uploads: 0 });
  });
});
