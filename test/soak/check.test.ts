import { createHash } from 'node:crypto';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { type S3, startS3 } from '@tagmill/local-stack/s3';
import { startDynamo, type TemporaryDynamo } from '../../packages/tag-store/test/temporary-table.ts';
import { check } from './check.ts';

jest.setTimeout(30_000);

const digest = (text: string, algorithm = 'sha256') => createHash(algorithm).update(text).digest('hex');
const idOf = (key: string) =>
  createHash('sha256').update(`photos\0${key}`).digest().subarray(0, 16).toString('base64url');

let s3: S3;
let dynamo: TemporaryDynamo;
let table: string;
beforeAll(async () => {
  s3 = await startS3({ port: 0 });
  s3.ensureBucket('photos');
  dynamo = await startDynamo();
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const client = new S3Client({ endpoint: s3.endpoint, region: 'us-east-1', credentials, forcePathStyle: true });
  await client.send(new PutObjectCommand({ Bucket: 'photos', Key: 'a.jpg', Body: 'A' }));
});
afterAll(async () => {
  await dynamo?.close();
  await s3?.close();
});
beforeEach(async () => {
  table = await dynamo.createTable();
});

const put = (item: object) => dynamo.client.send(new PutCommand({ TableName: table, Item: item }));

async function problemsWith(...items: object[]): Promise<string[]> {
  for (const item of items) await put(item);
  const corrupt = new Set([digest('broken')]);
  return (await check({ s3: s3.endpoint, dynamodb: dynamo.endpoint, bucket: 'photos', table, corrupt })).problems;
}

const image = (more: object = {}, { key = 'a.jpg', body = 'A' } = {}) => ({
  pk: `I#${idOf(key)}`,
  sk: 'R',
  state: 'written',
  record: {
    image: { bucket: 'photos', key, etag: digest(body, 'md5'), sha256: digest(body) },
    outcome: 'tagged',
    tags: [{ name: 'collie', confidence: 0.8, parents: ['dog'] }],
    broader: [],
    ...more,
  },
});
const posting = (tag: string, rank: string, more: object = {}) => ({
  pk: `T#${tag}`,
  sk: `${rank}#${idOf('a.jpg')}`,
  ...more,
});
const below = { pk: 'B', sk: 'dog#collie' };
const good = () => [image(), posting('collie', '02000'), below];

test('finds nothing in a table that is right, tombstones among it', async () => {
  expect(await problemsWith(...good(), posting('pug', '05000', { dead: true }))).toEqual([]);
});

test.each([
  ['an image that is lost', () => [], 'lost'],
  ['a record whose object is gone', () => [...good(), image({ outcome: 'empty', tags: [] }, { key: 'b.jpg' })], 'gone'],
  ['another version', () => [image({}, { body: 'B' }), ...good().slice(1)], 'another version'],
  [
    'another version of the same bytes',
    () => [image({ image: { ...image().record.image, versionId: 'v1' } }), ...good().slice(1)],
    'another version',
  ],
  [
    'an outcome that is wrong',
    () => [image({ outcome: 'rejected', reason: 'corrupt' }), ...good().slice(1)],
    'is wrong',
  ],
  [
    'an image whose old postings may be alive',
    () => [...good().slice(1), { ...image(), stale: ['1'] }],
    'old postings',
  ],
  ['a stale posting', () => [...good(), posting('pug', '02000')], 'record wants none'],
  ['a posting of an old confidence', () => [...good(), posting('collie', '03000')], 'it ranks 02000'],
  ['a posting that another brings along', () => [...good(), posting('dog', '02000')], 'record wants none'],
  ['a name that is not listed', () => good().slice(0, 2), 'dog#collie is not listed'],
  ['a posting that is missing', () => good().filter(({ pk }) => !pk.includes('collie')), 'no posting of collie'],
])('finds %s', async (_, items, problem) => {
  expect((await problemsWith(...items())).join('\n')).toContain(problem);
});
