import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { BUCKET, startTestS3, type TestS3 } from './test-s3.ts';

let running: TestS3;
beforeEach(async () => {
  running = await startTestS3();
});
afterEach(() => running.close());

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

async function put(keys: readonly string[]): Promise<void> {
  for (let i = 0; i < keys.length; i += 50) {
    const some = keys.slice(i, i + 50);
    await Promise.all(some.map((Key) => running.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'x' }))));
  }
}

async function listAll(input: Partial<ListObjectsV2CommandInput> = {}, pageSize?: number) {
  const pages = paginateListObjectsV2(
    { client: running.client, ...(pageSize ? { pageSize } : {}) },
    { Bucket: BUCKET, ...input },
  );
  const keys: string[] = [];
  const prefixes: string[] = [];
  for await (const { Contents = [], CommonPrefixes = [] } of pages) {
    keys.push(...Contents.map(({ Key }) => Key!));
    prefixes.push(...CommonPrefixes.map(({ Prefix }) => Prefix!));
  }
  return { keys, prefixes };
}

describe('a listing', () => {
  test('has each of 1,300 keys of mixed case and scripts once, in the order of their bytes, over all pages', async () => {
    const stems = ['IMG', 'img', 'Zoë', 'zoe', 'ﬀ', '\u{1F431}', '\uffee', 'a b', 'A+B', 'ä', '~', '!', '日本'];
    const keys = stems.flatMap((stem) => Array.from({ length: 100 }, (_, i) => `${stem}-${i % 2 ? 'x' : 'X'}${i}.jpg`));
    await put(keys);
    const expected = keys.toSorted(byBytes);
    expect((await listAll()).keys).toEqual(expected);
    expect((await listAll({}, 7)).keys).toEqual(expected);
  });

  test('shows each common prefix once, whatever the size of a page', async () => {
    const keys = ['a', 'a/1', 'a/2', 'a/3', 'a0', 'b/1', 'b/c/2', 'ü/1', 'ü/2', 'z'];
    await put(keys);
    for (const pageSize of [1, 2, 3, 1000]) {
      const { keys: shown, prefixes } = await listAll({ Delimiter: '/' }, pageSize);
      expect(shown).toEqual(['a', 'a0', 'z']);
      expect(prefixes).toEqual(['a/', 'b/', 'ü/']);
    }
    expect(await listAll({ Delimiter: '/', Prefix: 'b/' })).toEqual({ keys: ['b/1'], prefixes: ['b/c/'] });
    expect(await listAll({ Prefix: 'ü/' })).toEqual({ keys: ['ü/1', 'ü/2'], prefixes: [] });
  });

  test('goes on behind a key that need not be there, also inside a common prefix', async () => {
    await put(['a/1', 'a/3', 'b']);
    expect(await listAll({ StartAfter: 'a/2' })).toEqual({ keys: ['a/3', 'b'], prefixes: [] });
    expect(await listAll({ StartAfter: 'a/2', Delimiter: '/' })).toEqual({ keys: ['b'], prefixes: ['a/'] });
    const first = await running.client.send(new ListObjectsCommand({ Bucket: BUCKET, Delimiter: '/', MaxKeys: 1 }));
    expect(first).toMatchObject({ IsTruncated: true, NextMarker: 'a/' });
    const rest = await running.client.send(
      new ListObjectsCommand({ Bucket: BUCKET, Delimiter: '/', Marker: first.NextMarker }),
    );
    expect(rest.CommonPrefixes).toBeUndefined();
    expect(rest.Contents?.map(({ Key }) => Key)).toEqual(['b']);
  });

  test('writes keys percent-encoded on request, so that any character arrives', async () => {
    const keys = ['a\u0001b', 'a b+c', 'line\nend', '<&">', '\u{1F431}/ä'];
    await put(keys);
    const { Contents = [] } = await running.client.send(
      new ListObjectsV2Command({ Bucket: BUCKET, EncodingType: 'url' }),
    );
    expect(Contents.map(({ Key }) => decodeURIComponent(Key!))).toEqual(keys.toSorted(byBytes));
  });

  test('a page of no keys is not truncated', async () => {
    await put(['a']);
    const page = await running.client.send(new ListObjectsV2Command({ Bucket: BUCKET, MaxKeys: 0 }));
    expect(page).toMatchObject({ KeyCount: 0, IsTruncated: false });
  });
});

test('versions are listed newest first within a key, with markers, over all pages', async () => {
  const { client } = running;
  await put(['b']);
  await client.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: 'Enabled' } }));
  await put(['B', 'b', 'c']);
  await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'b' }));
  for (const MaxKeys of [1, 2, 3, 1000]) {
    const seen: string[] = [];
    let next: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
    while (next) {
      const page: any = await client.send(new ListObjectVersionsCommand({ Bucket: BUCKET, MaxKeys, ...next }));
      const entries = [
        ...(page.Versions ?? []),
        ...(page.DeleteMarkers ?? []).map((each: object) => ({ ...each, Size: -1 })),
      ];
      const order = (each: any) => `${each.Key}${each.IsLatest ? 0 : each.VersionId === 'null' ? 2 : 1}`;
      entries.sort((a, b) => byBytes(order(a), order(b)));
      seen.push(
        ...entries.map(({ Key, VersionId, Size, IsLatest }) => `${Key} ${VersionId === 'null'} ${Size} ${IsLatest}`),
      );
      next = page.IsTruncated
        ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
        : undefined;
    }
    expect(seen).toEqual(['B false 1 true', 'b false -1 true', 'b false 1 false', 'b true 1 false', 'c false 1 true']);
  }
});

test('unfinished uploads are listed by key, over all pages', async () => {
  const { client } = running;
  for (const Key of ['b', 'a/1', 'a/2', 'b', 'B'])
    await client.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key }));
  const seen: string[] = [];
  let next: object | undefined = {};
  while (next) {
    const page: any = await client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET, MaxUploads: 2, ...next }));
    seen.push(...page.Uploads.map(({ Key }: { Key: string }) => Key));
    next = page.IsTruncated ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker } : undefined;
  }
  expect(seen).toEqual(['B', 'a/1', 'a/2', 'b', 'b']);
  const { CommonPrefixes } = await client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET, Delimiter: '/' }));
  expect(CommonPrefixes).toEqual([{ Prefix: 'a/' }]);
});
