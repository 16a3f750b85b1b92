import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';

const { ENDPOINT, BUCKET: Bucket, DIRECTORY, LARGE_MD5, SMALL_FILES } = process.env as Record<string, string>;
const client = new S3Client({ endpoint: ENDPOINT!, forcePathStyle: true });
const PART_BYTES = 5 * 2 ** 20;
const ODD_KEYS = ['a b+c', '\u{1F431}/ü.jpg', 'q?#&=%', '<xml>"\'', 'x'.repeat(1024)];
const read = async (Key: string) =>
  Buffer.from(await (await client.send(new GetObjectCommand({ Bucket, Key }))).Body!.transformToByteArray());

await client.send(new CreateBucketCommand({ Bucket }));

const large = await fs.readFile(path.join(DIRECTORY!, 'large.bin'));
const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'large' }));
const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
for (let start = 0; start < large.length; start += PART_BYTES) {
  const part = { PartNumber: Parts.length + 1, Body: large.subarray(start, start + PART_BYTES) };
  const { ETag } = await client.send(new UploadPartCommand({ Bucket, Key: 'large', UploadId, ...part }));
  Parts.push({ PartNumber: part.PartNumber, ETag });
}
await client.send(new CompleteMultipartUploadCommand({ Bucket, Key: 'large', UploadId, MultipartUpload: { Parts } }));
assert.equal(
  createHash('md5')
    .update(await read('large'))
    .digest('hex'),
  LARGE_MD5,
);

for (const Key of ODD_KEYS) {
  await client.send(new PutObjectCommand({ Bucket, Key, Body: Key, Tagging: 'colour=dark%20red' }));
  assert.equal(String(await read(Key)), Key);
  const { TagSet } = await client.send(new GetObjectTaggingCommand({ Bucket, Key }));
  assert.deepEqual(TagSet, [{ Key: 'colour', Value: 'dark red' }]);
  const copy = { Bucket, Key: 'copy', CopySource: encodeURIComponent(`${Bucket}/${Key}`) };
  await client.send(new CopyObjectCommand(copy));
  assert.equal(String(await read('copy')), Key);
}

const url = await getSignedUrl(client, new PutObjectCommand({ Bucket, Key: 'presigned' }));
assert.equal((await fetch(url, { method: 'PUT', body: 'by address' })).status, 200);
const readUrl = await getSignedUrl(client, new GetObjectCommand({ Bucket, Key: 'presigned' }));
assert.equal(await (await fetch(readUrl)).text(), 'by address');

const names = await fs.readdir(path.join(DIRECTORY!, 'small'));
for (let i = 0; i < names.length; i += 50) {
  await Promise.all(
    names
      .slice(i, i + 50)
      .map((name) => client.send(new PutObjectCommand({ Bucket, Key: `small/${name}`, Body: name }))),
  );
}
const keys: string[] = [];
for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix: 'small/' })) {
  keys.push(...Contents.map(({ Key }) => Key!));
}
assert.equal(new Set(keys).size, Number(SMALL_FILES));
assert.equal(keys.length, Number(SMALL_FILES));

for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket })) {
  const Delete = { Objects: Contents.map(({ Key }) => ({ Key })) };
  const { Errors } = await client.send(new DeleteObjectsCommand({ Bucket, Delete }));
  assert.equal(Errors, undefined);
}
await client.send(new DeleteBucketCommand({ Bucket }));
