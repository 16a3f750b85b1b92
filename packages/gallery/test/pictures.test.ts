import { afterAll, beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { Pictures } from '../src/pictures.ts';
import { BUCKET, startStack } from './api-server.ts';
import { recordAt } from './records.ts';

const asked: string[] = [];
const record = recordAt(1);
let server: Awaited<ReturnType<typeof startStack>>;
beforeAll(async () => {
  server = await startStack((_, query) => {
    asked.push(query.get('key')!);
    return query.get('key') === record.image.key ? record : undefined;
  });
  const bytes = await sharp({ create: { width: 90, height: 60, channels: 3, background: 'teal' } })
    .png()
    .toBuffer();
  record.image.etag = await server.stack.objects.put({ bucket: BUCKET, key: record.image.key }, bytes);
});
afterAll(() => server.close());

const request = { bucket: BUCKET, key: record.image.key, size: 'thumbnail', isAbandoned: () => false } as const;

test('a picture that nobody waits for any more is not made', async () => {
  asked.length = 0;
  const pictures = new Pictures(server.stack);
  expect(await pictures.get({ ...request, isAbandoned: () => true })).toBeUndefined();
  expect(asked).toEqual([]);
});

test('a picture is made once, and still only of what has a record', async () => {
  const pictures = new Pictures(server.stack);
  const first = await pictures.get(request);
  expect(first).toMatchObject({ sha256: record.image.sha256 });
  expect((await pictures.get(request))!.bytes).toBe(first!.bytes);
  expect((await pictures.get({ ...request, size: 'preview' }))!.bytes).not.toBe(first!.bytes);
  await expect(pictures.get({ ...request, key: 'unknown.jpg' })).rejects.toMatchObject({ code: 'not-found' });
});
