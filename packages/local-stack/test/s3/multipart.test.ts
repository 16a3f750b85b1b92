import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BUCKET, refusal, startTestS3, type TestS3 } from './test-s3.ts';

const PART_BYTES = 5 * 2 ** 20;
const object = { Bucket: BUCKET, Key: 'film \u{1F3AC}.mp4' };
let running: TestS3;
beforeAll(async () => {
  running = await startTestS3();
});
afterAll(() => running.close());

async function begin(more: object = {}): Promise<string> {
  return (await running.client.send(new CreateMultipartUploadCommand({ ...object, ...more }))).UploadId!;
}

async function uploadPart(UploadId: string, PartNumber: number, Body: string | Buffer) {
  const { ETag } = await running.client.send(new UploadPartCommand({ ...object, UploadId, PartNumber, Body }));
  return { PartNumber, ETag };
}

const complete = (UploadId: string, Parts: { PartNumber: number; ETag: string | undefined }[], more: object = {}) =>
  running.client.send(new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload: { Parts }, ...more }));

const bodyOf = async (more: object = {}) =>
  Buffer.from(
    await (await running.client.send(new GetObjectCommand({ ...object, ...more }))).Body!.transformToByteArray(),
  );

test('parts in any order, some sent twice, some copied, become the object', async () => {
  const source = Buffer.from('0123456789');
  await running.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'source', Body: source }));
  const uploadId = await begin({ ContentType: 'video/mp4', Metadata: { a: 'b' } });
  const copied = await running.client.send(
    new UploadPartCopyCommand({
      ...object,
      UploadId: uploadId,
      PartNumber: 9,
      CopySource: `${BUCKET}/source`,
      CopySourceRange: 'bytes=2-4',
    }),
  );
  await uploadPart(uploadId, 2, 'not this');
  const second = await uploadPart(uploadId, 2, Buffer.alloc(PART_BYTES, '2'));
  const first = await uploadPart(uploadId, 1, Buffer.alloc(PART_BYTES, '1'));
  await uploadPart(uploadId, 4, 'left out');
  const { Parts } = await running.client.send(new ListPartsCommand({ ...object, UploadId: uploadId, MaxParts: 3 }));
  expect(Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
    [1, PART_BYTES],
    [2, PART_BYTES],
    [4, 8],
  ]);
  await complete(uploadId, [first, second, { PartNumber: 9, ETag: copied.CopyPartResult?.ETag }]);
  const expected = Buffer.concat([Buffer.alloc(PART_BYTES, '1'), Buffer.alloc(PART_BYTES, '2'), Buffer.from('234')]);
  expect((await bodyOf()).equals(expected)).toBe(true);
  expect((await bodyOf({ Range: `bytes=${PART_BYTES - 1}-${PART_BYTES}` })).toString()).toBe('12');
  expect((await bodyOf({ PartNumber: 3 })).toString()).toBe('234');
  const head = await running.client.send(new HeadObjectCommand({ ...object, PartNumber: 2 }));
  expect(head).toMatchObject({
    PartsCount: 3,
    ContentLength: PART_BYTES,
    ContentType: 'video/mp4',
    Metadata: { a: 'b' },
  });
});

test('a completion that is asked for again answers as before, until the upload is unknown', async () => {
  const uploadId = await begin();
  const parts = [await uploadPart(uploadId, 1, 'all')];
  const first = await complete(uploadId, parts);
  await running.client.send(new DeleteObjectCommand(object));
  expect((await complete(uploadId, parts)).ETag).toBe(first.ETag);
  expect(await refusal(running.client.send(new GetObjectCommand(object)))).toEqual(['NoSuchKey', 404]);
  expect(await refusal(uploadPart(uploadId, 1, 'late'))).toEqual(['NoSuchUpload', 404]);
});

test('what can’t be completed says why, and can be completed afterwards', async () => {
  const uploadId = await begin();
  const parts = [await uploadPart(uploadId, 1, 'small'), await uploadPart(uploadId, 2, 'end')];
  expect(await refusal(complete(uploadId, parts))).toEqual(['EntityTooSmall', 400]);
  expect(await refusal(complete(uploadId, parts.toReversed()))).toEqual(['InvalidPartOrder', 400]);
  expect(await refusal(complete(uploadId, [{ PartNumber: 1, ETag: '"other"' }]))).toEqual(['InvalidPart', 400]);
  expect(await refusal(complete(uploadId, [{ PartNumber: 3, ETag: parts[0]!.ETag }]))).toEqual(['InvalidPart', 400]);
  expect(await refusal(complete(uploadId, []))).toEqual(['MalformedXML', 400]);
  expect(await refusal(complete(uploadId, [parts[1]!], { IfMatch: '"none"' }))).toEqual(['NoSuchKey', 404]);
  await complete(uploadId, [parts[1]!], { IfNoneMatch: '*' });
  expect((await bodyOf()).toString()).toBe('end');
});

test('an aborted upload is gone with its parts', async () => {
  const uploadId = await begin();
  await uploadPart(uploadId, 1, 'x');
  await running.client.send(new AbortMultipartUploadCommand({ ...object, UploadId: uploadId }));
  expect(await refusal(complete(uploadId, [{ PartNumber: 1, ETag: '"x"' }]))).toEqual(['NoSuchUpload', 404]);
  const again = running.client.send(new AbortMultipartUploadCommand({ ...object, UploadId: uploadId }));
  expect(await refusal(again)).toEqual(['NoSuchUpload', 404]);
});
