import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readImage } from '../src/read-image.ts';

const limits = { maxBytes: 10 };
/** Windows has no named pipes among its files. */
const onUnix = process.platform === 'win32' ? test.skip : test;

let folder: string;
const at = (name: string) => path.join(folder, name);
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'read-image-'));
  fs.writeFileSync(at('ten.jpg'), '0123456789');
  fs.writeFileSync(at('eleven.jpg'), '0123456789a');
  fs.writeFileSync(at('empty.jpg'), '');
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

test.each([
  ['ten.jpg', '0123456789'],
  ['empty.jpg', ''],
])('a file is read whole: %s', async (name, content) => {
  expect(Buffer.from(await readImage(at(name), limits)).toString()).toBe(content);
});

test('a file with too many bytes is refused', async () => {
  await expect(readImage(at('eleven.jpg'), limits)).rejects.toMatchObject({ code: 'too-many-bytes' });
});

test('what is missing is said to be', async () => {
  const missing = { code: 'unreadable', message: 'Cannot be read: there is no such file' };
  await expect(readImage(at('missing.jpg'), limits)).rejects.toMatchObject(missing);
});

onUnix('what is no file is refused, and a pipe that nobody writes to is not waited for', async () => {
  expect(spawnSync('mkfifo', [at('pipe.jpg')]).status).toBe(0);
  const server = net.createServer().listen(at('socket.jpg'));
  await once(server, 'listening');
  for (const each of [at('pipe.jpg'), at('socket.jpg'), folder, '/dev/null']) {
    await expect(readImage(each, limits)).rejects.toMatchObject({ code: 'not-a-file' });
  }
  server.close();
});
