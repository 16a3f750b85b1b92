import { once } from 'node:events';
import http from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ImageRecord } from '@tagmill/core';
import sharp from 'sharp';
import { type Gallery, serveGallery } from '../src/index.ts';
import { BUCKET, startStack } from './api-server.ts';
import { recordAt } from './records.ts';

const records = new Map<string, ImageRecord>();
let server: Awaited<ReturnType<typeof startStack>>;
let gallery: Gallery;
beforeAll(async () => {
  server = await startStack((path, query) => (path === '/image' ? records.get(query.get('key')!) : undefined));
  gallery = await serveGallery({ stack: server.stack, uploadBucket: BUCKET, uploadPrefix: 'in/' });
});
afterAll(async () => {
  await gallery.close();
  await server.close();
});

/** As a browser does it, without what `fetch` forbids to set: Host. */
async function ask(path: string, { body, ...options }: http.RequestOptions & { body?: Buffer | string } = {}) {
  const request = http.request(`${gallery.url}${path}`, { agent: false, ...options });
  request.end(body);
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  const bytes = Buffer.concat(await response.toArray());
  return { status: response.statusCode, headers: response.headers, bytes, json: () => JSON.parse(bytes.toString()) };
}

const octets = { 'content-type': 'application/octet-stream' };
const put = (name: string, body: Buffer) =>
  ask(`uploads?${new URLSearchParams({ name })}`, { method: 'PUT', headers: octets, body });
const picture = (key: string, { size = 'thumbnail', sha256 = '' } = {}) =>
  ask(`pictures/${size}?${new URLSearchParams({ bucket: BUCKET, key, ...(sha256 && { sha256 }) })}`);
const photo = (red: number) =>
  sharp({ create: { width: 640, height: 480, channels: 3, background: { r: red, g: 90, b: 30 } } })
    .jpeg()
    .toBuffer();

/** Uploads a file and gives it a record. */
async function addImage(name: string, bytes: Buffer, more: Partial<ImageRecord['image']> = {}): Promise<string> {
  const { key } = (await put(name, bytes)).json();
  const { image, ...record } = recordAt(1);
  records.set(key, { ...record, image: { bucket: BUCKET, key, sha256: `sha-of-${key}`, ...more } });
  return key;
}

describe('the page', () => {
  test('comes whole, from here, under a policy that lets nothing else in', async () => {
    const page = await ask('');
    expect(page.status).toBe(200);
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.headers['content-security-policy']).not.toMatch(/unsafe|https?:|\*/);
    const links = [...page.bytes.toString().matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link!);
    expect(links).toHaveLength(3);
    for (const link of links) expect(await ask(link.slice(1))).toMatchObject({ status: 200 });
    expect(page.bytes.toString()).not.toMatch(/<style|style=|<script(?![^>]*src)/);
  });

  test.each([
    ['a name of its own for this address', { host: 'evil.example' }],
    ['a subdomain of localhost', { host: 'evil.localhost' }],
    ['another port', { host: '127.0.0.1:1' }],
    ['a form on another site', { origin: 'https://evil.example' }],
    ['a page of another server on this machine', { origin: 'http://localhost:3000' }],
    ['a page without an origin', { origin: 'null' }],
    ['an embedding site', { 'sec-fetch-site': 'cross-site' }],
    ['a page of the same site', { 'sec-fetch-site': 'same-site' }],
  ])('answers nothing to %s', async (_, headers) => {
    for (const [method, path] of [
      ['GET', 'stack'],
      ['GET', 'api/image?key=x'],
      ['PUT', 'uploads?name=x'],
      ['POST', 'retries'],
      ['POST', 'corrections'],
    ] as const) {
      expect(await ask(path, { method, headers: { ...octets, ...headers } })).toMatchObject({ status: 403 });
    }
    expect(await server.aws.messages('live')).toEqual([]);
  });

  test('may be led to by a link from elsewhere, by either of its names', async () => {
    expect(await ask('', { headers: { 'sec-fetch-site': 'cross-site' } })).toMatchObject({ status: 200 });
    const host = new URL(gallery.url).host.replace('127.0.0.1', 'localhost');
    expect(await ask('stack', { headers: { host, origin: `http://${host}` } })).toMatchObject({ status: 200 });
  });

  test.each([
    '../package.json',
    '..%2fpackage.json',
    '%2e%2e/%2e%2e/etc/passwd',
    'main.js/../../src/serve.ts',
    'page/main.ts',
    '//etc/passwd',
  ])('has no file at %s', async (path) => {
    expect((await ask(path)).status).toBe(404);
  });
});

describe('the API', () => {
  test('is passed through with its own status and problem', async () => {
    records.set('known.jpg', recordAt(5));
    const known = await ask('api/image?bucket=photos&key=known.jpg');
    expect([known.status, known.json()]).toEqual([200, recordAt(5)]);
    const unknown = await ask('api/tags?prefix=a%20b');
    expect([unknown.status, unknown.json().detail]).toEqual([404, 'Nothing at /tags?prefix=a%20b']);
  });

  test.each(['api//evil.example/x', 'api/http://evil.example/', 'api/@evil.example/', 'api/..%2f..%2fx'])(
    'is the only server that %s can lead to',
    async (path) => {
      const { status, json } = await ask(path);
      expect(status).toBe(404);
      expect(json().detail).toMatch(/^Nothing at \//);
    },
  );
});

describe('an upload', () => {
  test('goes into the bucket under a key of its content and its name', async () => {
    const { status, json } = await put('C:\\photos\\Grüße 1.jpg', Buffer.from('bytes'));
    expect(status).toBe(201);
    expect(json()).toEqual({ bucket: BUCKET, key: 'in/277089d9-Grüße 1.jpg' });
    expect((await put('Grüße 1.jpg', Buffer.from('bytes'))).json()).toEqual(json());
    expect((await put('Grüße 1.jpg', Buffer.from('others'))).json()).not.toEqual(json());
  });

  test.each([
    ['../../etc/passwd', /^in\/[0-9a-f]{8}-passwd$/],
    ['a\u0000b\n.jpg', /^in\/[0-9a-f]{8}-a b .jpg$/],
    [`${'ä'.repeat(500)}.jpg`, /^in\/[0-9a-f]{8}-ä{98}\.jpg$/],
  ])('named %j has a harmless key', async (name, expected) => {
    expect((await put(name, Buffer.from('x'))).json().key).toMatch(expected);
  });

  test('that is empty is for the pipeline to reject', async () => {
    expect((await put('empty.jpg', Buffer.alloc(0))).status).toBe(201);
  });

  test('is refused when it is larger than any image may be, before it is read', async () => {
    const headers = { ...octets, 'content-length': String(64 * 2 ** 20 + 1) };
    const request = http.request(`${gallery.url}uploads?name=x`, { agent: false, method: 'PUT', headers });
    request.on('error', () => {});
    request.flushHeaders();
    const [response] = await once(request, 'response');
    request.destroy();
    expect(response.statusCode).toBe(413);
  });

  test('is refused without a name, and as a form', async () => {
    expect((await ask('uploads', { method: 'PUT', headers: octets, body: 'x' })).status).toBe(400);
    const form = { method: 'PUT', headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: 'x' };
    expect((await ask('uploads?name=x', form)).status).toBe(415);
  });
});

describe('a picture', () => {
  test('is small, WebP, and kept for ever under the digest of its image', async () => {
    const key = await addImage('a.jpg', await photo(200));
    const { headers, bytes } = await picture(key, { sha256: `sha-of-${key}` });
    expect(headers).toMatchObject({
      'content-type': 'image/webp',
      'cache-control': 'private, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'webp', width: 480, height: 360 });
    expect((await picture(key, { sha256: 'another' })).headers['cache-control']).toBe('no-store');
    const preview = await picture(key, { size: 'preview' });
    expect(await sharp(preview.bytes).metadata()).toMatchObject({ width: 640 });
  });

  test('is there for images with a record only', async () => {
    const { key } = (await put('secret.jpg', await photo(10))).json();
    expect((await picture(key)).status).toBe(404);
  });

  test('is never of another image than its record is about', async () => {
    const key = await addImage('b.jpg', await photo(20), { etag: 'of-what-was-there-before' });
    const { status, json } = await picture(key);
    expect([status, json().detail]).toEqual([404, `${key} was replaced, and its record will be`]);
  });

  test.each([
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')],
    ['HTML', Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['text', Buffer.from('no image')],
    ['nothing', Buffer.alloc(0)],
  ])('is never made of %s', async (_, bytes) => {
    const { status, headers } = await picture(await addImage('c.jpg', bytes));
    expect([status, headers['content-type']]).toEqual([415, 'application/problem+json; charset=utf-8']);
  });

  test.each([
    'pictures/original?bucket=b&key=k',
    'pictures/thumbnail?bucket=b',
    'pictures/thumbnail?bucket=b&key=k&x=1',
    'pictures/thumbnail?bucket=b&key=k&key=l',
  ])('is not asked for by %s', async (path) => {
    expect((await ask(path)).status).toBe(400);
  });
});

describe('a retry', () => {
  const retry = (image: unknown) =>
    ask('retries', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(image) });
  const bodies = (name: string) => server.aws.messages(name);

  test('moves the image’s dead letter back, and no other', async () => {
    const message = (key: string) =>
      JSON.stringify({
        source: 'tagmill.backfill',
        bucket: BUCKET,
        key,
        etag: 'e',
        lastModified: '2026-01-01T00:00:00.000Z',
      });
    for (const key of ['x.jpg', 'y.jpg']) server.aws.sendMessage('dead', message(key));
    expect(await retry({ bucket: BUCKET, key: 'x.jpg' })).toMatchObject({ status: 202 });
    expect(await bodies('live')).toEqual([message('x.jpg')]);
    expect(await bodies('dead')).toEqual([message('y.jpg')]);
  });

  test('of an image without one enqueues it, and not those whose keys begin alike', async () => {
    const { key } = (await put('z', Buffer.from('z'))).json();
    await ask(`uploads?${new URLSearchParams({ name: 'z.jpg' })}`, { method: 'PUT', headers: octets, body: 'z' });
    expect(await retry({ bucket: BUCKET, key })).toMatchObject({ status: 202 });
    expect((await bodies('backfill')).map((body) => JSON.parse(body).key)).toEqual([key]);
  });

  test('of what is gone says so', async () => {
    const { status, json } = await retry({ bucket: BUCKET, key: 'gone.jpg' });
    expect([status, json().detail]).toEqual([404, 'gone.jpg is no longer in photos']);
  });

  test.each([{}, { bucket: BUCKET }, { bucket: BUCKET, key: 'k', all: true }, []])(
    'of %j is refused',
    async (image) => {
      expect((await retry(image)).status).toBe(400);
    },
  );
});

test('counts what is in the queues', async () => {
  expect((await ask('stack')).json()).toEqual({
    uploadBucket: BUCKET,
    maxUploadBytes: 64 * 2 ** 20,
    waiting: expect.any(Number),
    inFlight: 0,
    deadLetters: 1,
  });
});
