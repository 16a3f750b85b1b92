import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { entryName } from '../src/downloads.ts';
import { type Gallery, serveGallery } from '../src/index.ts';
import { BUCKET, startStack } from './api-server.ts';

let server: Awaited<ReturnType<typeof startStack>>;
let gallery: Gallery;
beforeAll(async () => {
  server = await startStack(() => undefined);
  gallery = await serveGallery({ stack: server.stack, uploadBucket: BUCKET });
  for (const key of ['a.svg', 'tür/b.jpg']) await server.stack.objects.put({ bucket: BUCKET, key }, Buffer.from(key));
});
afterAll(async () => {
  await gallery.close();
  await server.close();
});

const post = (names: unknown) =>
  fetch(`${gallery.url}downloads`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(names),
  });
const named = (...keys: string[]) => keys.map((key) => ({ bucket: BUCKET, key }));
const download = async (...keys: string[]) => {
  const { url } = (await (await post(named(...keys))).json()) as { url: string };
  return fetch(new URL(url, gallery.url));
};

describe('a download', () => {
  test('of one image is its file, which no browser shows', async () => {
    const answer = await download('tür/b.jpg');
    expect(await answer.text()).toBe('tür/b.jpg');
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': "attachment; filename*=UTF-8''b.jpg",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
  });

  test('of several is an archive, without what is gone', async () => {
    const answer = await download('a.svg', 'gone.jpg', 'tür/b.jpg');
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(bytes.subarray(0, 2).toString()).toBe('PK');
    expect([bytes.includes('a.svg'), bytes.includes('tür/b.jpg'), bytes.includes('gone.jpg')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('is fetched once', async () => {
    const { url } = (await (await post(named('a.svg'))).json()) as { url: string };
    expect((await fetch(new URL(url, gallery.url))).status).toBe(200);
    expect((await fetch(new URL(url, gallery.url))).status).toBe(404);
  });

  test('of what is gone says so', async () => {
    expect((await download('gone.jpg')).status).toBe(404);
  });

  test.each([
    ['nothing', []],
    ['no names', [{}]],
    ['half a name', [{ bucket: BUCKET }]],
    ['too many', named(...Array.from({ length: 2001 }, (_, i) => `${i}`))],
  ])('of %s is refused', async (_, names) => {
    expect((await post(names)).status).toBe(400);
  });

  test.each([
    ['/../a//b.jpg', 'a/b.jpg'],
    ['..\\..\\b.jpg', 'b.jpg'],
    ['..', 'photo'],
    ['2009/Rome/a.jpg', '2009/Rome/a.jpg'],
  ])('puts nothing beside the folder that an archive is unpacked in: %s', (key, name) => {
    expect(entryName({ bucket: BUCKET, key })).toBe(name);
  });
});

test('a deletion removes the object, and does no harm twice', async () => {
  const key = 'doomed.jpg';
  await server.stack.objects.put({ bucket: BUCKET, key }, Buffer.from('x'));
  const remove = () =>
    fetch(`${gallery.url}images?${new URLSearchParams({ bucket: BUCKET, key })}`, { method: 'DELETE' });
  expect((await remove()).status).toBe(202);
  expect(await server.stack.objects.exists({ bucket: BUCKET, key })).toBe(false);
  expect((await remove()).status).toBe(202);
  const elsewhere = await fetch(`${gallery.url}images?bucket=${BUCKET}&key=a.svg`, {
    method: 'DELETE',
    headers: { origin: 'https://evil.example' },
  });
  expect(elsewhere.status).toBe(403);
  expect(await server.stack.objects.exists({ bucket: BUCKET, key: 'a.svg' })).toBe(true);
});
