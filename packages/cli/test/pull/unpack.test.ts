import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { tgz } from '../../../../test/helpers/archives.ts';
import { MAX_ENTRIES, MAX_MODEL_BYTES, MAX_UNPACKED_BYTES, unpackTflite } from '../../src/pull/unpack.ts';

// Half a gigabyte is unpacked before a bomb is refused.
jest.setTimeout(120_000);

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'unpack-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

function unpack(archive: Uint8Array): Promise<Uint8Array> {
  const file = path.join(folder, 'archive.tgz');
  fs.writeFileSync(file, archive);
  return unpackTflite(file);
}

const MODEL = 'the model';

/** A tar header of a file, 512 bytes, that promises so many more. */
function header(name: string, size: number): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0);
  block.write('0000644\0', 100);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write('        0', 148);
  block.write('ustar\x0000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

describe('an archive', () => {
  test('gives its .tflite, whatever lies beside it and wherever its paths lead', async () => {
    const archive = await tgz(
      ['./', '', { type: 'directory' }],
      ['../../escaped', 'x'.repeat(10_000)],
      ['/etc/passwd', '', { type: 'symlink', linkname: '../../escaped' }],
      ['../../../mobilenet.tflite', MODEL],
      ['later.ckpt', 'y'.repeat(100_000)],
    );
    expect(Buffer.from(await unpack(archive)).toString()).toBe(MODEL);
    expect(fs.readdirSync(folder)).toEqual(['archive.tgz']);
    expect(fs.existsSync(path.join(folder, '../../escaped'))).toBe(false);
  });

  test.each<[string, () => Uint8Array | Promise<Uint8Array>, RegExp]>([
    [
      'is a log-in page',
      () => Buffer.from('<!doctype html><title>Welcome to our hotel'),
      /no \.tgz: incorrect header check/,
    ],
    ['is empty', () => Buffer.of(), /no \.tgz: unexpected end of file/],
    ['is a gzip of something else', () => gzipSync('x'.repeat(5000)), /no \.tgz: Invalid tar header/],
    [
      'is cut off',
      async () => (await tgz(['a.tflite', MODEL.repeat(5000)])).subarray(0, -40),
      /no \.tgz: unexpected end of file/,
    ],
    ['ends within an entry', () => gzipSync(header('a.tflite', 1000)), /no \.tgz: Unexpected end of data/],
    ['holds no .tflite', () => tgz(['frozen.pb', MODEL]), /without a \.tflite/],
    [
      'has only a link of that name',
      () => tgz(['a.tflite', '', { type: 'symlink', linkname: '/etc/passwd' }]),
      /without a \.tflite/,
    ],
    ['holds two', () => tgz(['a.tflite', MODEL], ['b.tflite', MODEL]), /more than one \.tflite/],
    [
      'holds very many',
      () => tgz(...Array.from({ length: MAX_ENTRIES + 1 }, (_, i) => [`${i}`, ''] as [string, string])),
      /more than 100 entries/,
    ],
    ['promises a huge one', () => gzipSync(header('a.tflite', MAX_MODEL_BYTES + 1)), /longer than 67108864 bytes/],
    ['is a bomb', () => bomb(), /unpacks to more than 536870912 bytes/],
  ])('that %s is refused', async (_, archive, message) => {
    await expect(unpack(await archive())).rejects.toMatchObject({
      code: 'invalid-model',
      message: expect.stringMatching(message),
    });
  });
});

/** Zeros without end in a file that nobody asked for; gzip's members can be put one after the other. */
function bomb(): Buffer {
  const chunk = gzipSync(Buffer.alloc(2 ** 24));
  return Buffer.concat([
    gzipSync(header('checkpoint', 8 ** 11 - 1)),
    ...Array(MAX_UNPACKED_BYTES / 2 ** 24).fill(chunk),
  ]);
}
