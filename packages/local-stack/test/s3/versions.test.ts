import {
  type BucketVersioningStatus,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { BUCKET, QUEUE_ARN, refusal, startTestS3, type TestS3 } from './test-s3.ts';

let running: TestS3;
const object = { Bucket: BUCKET, Key: 'cat.jpg' };
beforeEach(async () => {
  running = await startTestS3();
});
afterEach(() => running.close());

const setVersioning = (Status: BucketVersioningStatus) =>
  running.client.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status } }));
const put = async (Body: string) => (await running.client.send(new PutObjectCommand({ ...object, Body }))).VersionId;
const remove = (VersionId?: string) =>
  running.client.send(new DeleteObjectCommand({ ...object, ...(VersionId ? { VersionId } : {}) }));
const read = async (VersionId?: string) =>
  (
    await running.client.send(new GetObjectCommand({ ...object, ...(VersionId ? { VersionId } : {}) }))
  ).Body!.transformToString();
const versionIds = async () => {
  const { Versions = [], DeleteMarkers = [] } = await running.client.send(
    new ListObjectVersionsCommand({ Bucket: BUCKET }),
  );
  return {
    versions: Versions.map(({ VersionId }) => VersionId),
    markers: DeleteMarkers.map(({ VersionId }) => VersionId),
  };
};

test('every version stays until it is deleted by its id', async () => {
  await put('before');
  await setVersioning('Enabled');
  const [first, second] = [await put('one'), await put('two')];
  expect([await read(), await read(first), await read('null')]).toEqual(['two', 'one', 'before']);
  await remove(second);
  expect(await read()).toBe('one');
  expect(await refusal(read(second))).toEqual(['NoSuchVersion', 404]);
  expect(await versionIds()).toEqual({ versions: [first, 'null'], markers: [] });
});

test('a delete makes a marker, and deleting the marker brings the object back', async () => {
  await setVersioning('Enabled');
  const first = await put('one');
  const deletion = await remove();
  expect(deletion).toMatchObject({ DeleteMarker: true, VersionId: expect.any(String) });
  expect(await refusal(read())).toEqual(['NoSuchKey', 404]);
  expect(
    await refusal(running.client.send(new HeadObjectCommand({ ...object, VersionId: deletion.VersionId }))),
  ).toContain(405);
  expect(await read(first)).toBe('one');
  expect(await remove(deletion.VersionId)).toMatchObject({ DeleteMarker: true, VersionId: deletion.VersionId });
  expect(await read()).toBe('one');
});

test('while versions are suspended, one with the id null is replaced and those before stay', async () => {
  await setVersioning('Enabled');
  const first = await put('one');
  await setVersioning('Suspended');
  expect(await put('two')).toBeUndefined();
  await put('three');
  expect(await versionIds()).toEqual({ versions: ['null', first], markers: [] });
  expect(await remove()).toMatchObject({ DeleteMarker: true, VersionId: 'null' });
  expect(await versionIds()).toEqual({ versions: [first], markers: ['null'] });
});

test('events name the version, and whether a marker was made', async () => {
  running.s3.ensureBucket(BUCKET, {
    notifications: [
      { queueArn: QUEUE_ARN, events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'], prefix: '', suffix: '' },
    ],
  });
  running.sent.length = 0;
  await put('zero');
  await remove();
  await setVersioning('Enabled');
  const first = await put('one');
  const marker = (await remove()).VersionId;
  await remove(marker);
  await remove(first);
  const told = running.sent.map(({ body }) => [body.Records[0].eventName, body.Records[0].s3.object.versionId]);
  expect(told).toEqual([
    ['ObjectCreated:Put', undefined],
    ['ObjectRemoved:Delete', undefined],
    ['ObjectCreated:Put', first],
    ['ObjectRemoved:DeleteMarkerCreated', marker],
    ['ObjectRemoved:Delete', marker],
    ['ObjectRemoved:Delete', first],
  ]);
});

test('a bucket is emptied by listing its versions and deleting them at once, whether it has versions or not', async () => {
  for (const status of [undefined, 'Enabled', 'Suspended'] as const) {
    if (status) await setVersioning(status);
    await put('a');
    await remove();
    await put('b');
    const { Versions = [], DeleteMarkers = [] } = await running.client.send(
      new ListObjectVersionsCommand({ Bucket: BUCKET }),
    );
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    const Delete = { Objects, Quiet: true };
    const { Deleted, Errors } = await running.client.send(
      new DeleteObjectsCommand({ Bucket: BUCKET, Delete, BypassGovernanceRetention: true }),
    );
    expect([Deleted, Errors]).toEqual([undefined, undefined]);
    expect(await versionIds()).toEqual({ versions: [], markers: [] });
  }
});
