import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Answer, type FileServer, fileServer } from '../../../../test/helpers/file-server.ts';
import { download } from '../../src/pull/download.ts';
import { proxyAgent } from '../../src/pull/fetch-response.ts';

/** Long enough that what is sent before a cut arrives. */
const BODY = Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 251));
const HALF = BODY.length / 2;

let folder: string;
let server: FileServer | undefined;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'download-'));
});
afterEach(async () => {
  await server?.close();
  fs.rmSync(folder, { recursive: true });
});

interface Options {
  stallMs?: number;
  maxBytes?: number;
  /** The first connection is cut once that much is written. */
  cutAt?: number;
}

/** What comes from a server that answers so. */
async function fetched(answer: (path: string, count: number) => Answer | undefined, options: Options = {}) {
  server = await fileServer(answer);
  return fetchedFrom(server, options);
}

async function fetchedFrom(from: FileServer, { stallMs = 5000, maxBytes = 1e6, cutAt }: Options = {}): Promise<Buffer> {
  const agent = proxyAgent(stallMs);
  const file = path.join(folder, 'file');
  const { signal } = new AbortController();
  const onProgress = (doneBytes: number) => {
    if (doneBytes === cutAt && from.requests.length === 1) from.cut();
  };
  try {
    await download(new URL('file', from.url), { file, maxBytes, agent, signal, retryDelayMs: 0, onProgress });
    return fs.readFileSync(file);
  } finally {
    await agent.destroy();
  }
}

/** Answers at first with half of the body, and says no more. */
const halfAtFirst =
  (more: Partial<Answer> = {}) =>
  (_: string, count: number) => ({
    body: BODY,
    ...more,
    ...(count === 1 && { stallAfter: HALF }),
  });

/** Compared as a whole: the matcher takes a second for as many numbers. */
function expectBody(came: Buffer, body = BODY): void {
  expect(came.equals(body)).toBe(true);
}

const ranges = () => server!.requests.map(({ range }) => range);

describe('a download', () => {
  test('is the file, and nothing beside it', async () => {
    expectBody(await fetched(() => ({ body: BODY })));
    expect(fs.readdirSync(folder)).toEqual(['file']);
  });

  test('that breaks off goes on from there', async () => {
    expectBody(await fetched(halfAtFirst(), { cutAt: HALF }));
    expect(ranges()).toEqual([undefined, `bytes=${HALF}-`]);
  });

  test('that stalls goes on from there', async () => {
    expectBody(await fetched(halfAtFirst(), { stallMs: 100 }));
    expect(ranges()).toEqual([undefined, `bytes=${HALF}-`]);
  });

  test('that fails for good is gone on with by the next one', async () => {
    let isDown = true;
    const answer = (at: string, count: number) => (isDown && count > 1 ? undefined : halfAtFirst()(at, count));
    await expect(fetched(answer, { cutAt: HALF })).rejects.toThrow(/answered 404/);
    isDown = false;
    expectBody(await fetchedFrom(server!));
    expect(ranges()).toEqual([undefined, `bytes=${HALF}-`, `bytes=${HALF}-`]);
  });

  test.each<[string, Partial<Answer>]>([
    ['knows no ranges', { ranges: false }],
    ['names no version', { etag: undefined }],
    ['names a version weakly', { etag: 'W/"1"' }],
  ])('starts anew where the server %s', async (_, more) => {
    expectBody(await fetched(halfAtFirst(more), { cutAt: HALF }));
    expect(server!.requests).toHaveLength(2);
  });

  test.each<[string, Answer]>([
    [
      'is another version',
      { body: BODY, status: 206, etag: '"other"', headers: { 'content-range': 'bytes 50000-99999/100000' } },
    ],
    ['is another part', { body: BODY, status: 206, headers: { 'content-range': 'bytes 7-99999/100000' } }],
    ['is none that the file has', { body: BODY, status: 416 }],
  ])('starts anew where what comes %s', async (_, odd) => {
    const answer = (_: string, count: number) => {
      if (count === 1) return { body: BODY, stallAfter: HALF };
      return count === 2 ? odd : { body: BODY };
    };
    expectBody(await fetched(answer, { cutAt: HALF }));
    expect(ranges()).toEqual([undefined, `bytes=${HALF}-`, undefined]);
  });

  test('is one version, whole, wherever it breaks off and whenever the file changes', async () => {
    const other = Buffer.from(BODY).reverse();
    const step = fc.record({ isChanged: fc.boolean(), ranges: fc.boolean(), cutAfter: fc.nat(BODY.length - 1) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 4 }), async (steps) => {
        const answer = (_: string, count: number) => {
          const { isChanged = false, ...told } = steps[count - 1] ?? {};
          return { body: isChanged ? other : BODY, ...told };
        };
        const came = await fetched(answer);
        await server!.close();
        expect(came.equals(BODY) || came.equals(other)).toBe(true);
        fs.rmSync(path.join(folder, 'file'));
      }),
      { numRuns: 40 },
    );
  });

  test('is tried again after an answer that may pass, five times in all', async () => {
    await expect(fetched(() => ({ body: BODY, status: 503 }))).rejects.toThrow(/answered 503/);
    expect(server!.requests).toHaveLength(5);
  });

  test.each<[string, Answer | undefined, RegExp]>([
    ['is not there', undefined, /answered 404/],
    ['says that it is too long', { body: BODY, headers: { 'content-length': 1e9 } }, /longer than the 1000000 bytes/],
    ['says nothing and is too long', { body: Buffer.alloc(1_500_000), chunked: true }, /longer than/],
    [
      'is sent compressed, though asked not to',
      { body: BODY, headers: { 'content-encoding': 'gzip' } },
      /re-encoded, as gzip/,
    ],
    [
      'leads to something unsafe',
      { body: BODY, status: 302, headers: { location: 'file:///etc/passwd' } },
      /not secure/,
    ],
    ['leads in a circle', { body: BODY, status: 302, headers: { location: '/file' } }, /without end/],
  ])('of what %s is refused, and not tried again', async (_, told, message) => {
    await expect(fetched(() => told)).rejects.toThrow(message);
    expect(server!.requests.length).toBe(told?.headers?.location === '/file' ? 21 : 1);
    expect(fs.existsSync(path.join(folder, 'file'))).toBe(false);
  });

  test('ends where its length is said to, whatever comes after: whether that is the file is for its checksum to say', async () => {
    const headers = { 'content-length': BODY.length - 10 };
    expectBody(await fetched(() => ({ body: BODY, headers })), BODY.subarray(0, -10));
  });

  test('of fewer bytes than were promised is not taken for whole', async () => {
    const answer = () => ({ body: BODY, headers: { 'content-length': BODY.length + 10 }, cutAfter: BODY.length });
    await expect(fetched(answer)).rejects.toThrow(/broke off/);
  });

  test('follows where it is led', async () => {
    const answer = (at: string) =>
      at === '/file' ? { body: Buffer.of(), status: 301, headers: { location: '/moved' } } : { body: BODY };
    expectBody(await fetched(answer));
  });
});
