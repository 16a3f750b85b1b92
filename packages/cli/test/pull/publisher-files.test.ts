import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type FileServer, fileServer } from '../../../../test/helpers/file-server.ts';
import { PublisherFiles } from '../../src/pull/publisher-files.ts';

const FILE = { root: 'http://127.0.0.1:1/', path: 'models/a.tgz', maxBytes: 1000 };

let models: string;
let server: FileServer;
let files: PublisherFiles;
let body: Buffer;
beforeEach(async () => {
  models = fs.mkdtempSync(path.join(os.tmpdir(), 'pull-'));
  body = Buffer.from('as it was');
  server = await fileServer((at) => (at === '/mirror/models/a.tgz' ? { body } : undefined));
  const root = new URL('mirror/', server.url);
  files = new PublisherFiles({ models, root, signal: new AbortController().signal });
});
afterEach(async () => {
  await files.close();
  await server.close();
  fs.rmSync(models, { recursive: true });
});

const read = () => files.use(FILE, async (file) => fs.readFileSync(file, 'utf8'));
const lockFile = () => path.join(models, 'pull-lock.json');

describe('a publisher’s file', () => {
  test('is pinned by its first use, and handed over again as long as it stays the same', async () => {
    expect(await files.isPinned(FILE)).toBe(false);
    expect(await read()).toBe('as it was');
    expect(await files.isPinned(FILE)).toBe(true);
    expect(await read()).toBe('as it was');
  });

  test('that changed is refused, by both checksums and what to do, and stays pinned as it was', async () => {
    await read();
    const pinned = fs.readFileSync(lockFile(), 'utf8');
    body = Buffer.from('changed');
    await expect(read()).rejects.toMatchObject({
      code: 'checksum-mismatch',
      message: expect.stringMatching(
        /^models\/a\.tgz is not the file .*SHA-256 [0-9a-f]{64}, pinned [0-9a-f]{64}.*pull-lock\.json$/,
      ),
    });
    expect(fs.readFileSync(lockFile(), 'utf8')).toBe(pinned);
  });

  test('that is of no use is not pinned', async () => {
    const use = () => Promise.reject(new Error('a log-in page'));
    await expect(files.use(FILE, use)).rejects.toThrow('a log-in page');
    expect(await files.isPinned(FILE)).toBe(false);
    expect(await read()).toBe('as it was');
  });

  test('leaves nothing but its pin', async () => {
    await read();
    await files.close();
    expect(fs.readdirSync(models)).toEqual(['pull-lock.json']);
  });

  test.each(['', '{}', '{"schemaVersion":1,"sha256":{"models/a.tgz":"short"}}'])(
    'is not used beside a lock file of %j',
    async (text) => {
      fs.writeFileSync(lockFile(), text);
      await expect(read()).rejects.toThrow(/pull-lock\.json/);
    },
  );
});
