import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ImageRecord } from '@tagmill/core';
import sharp from 'sharp';
import { pngHeader, quadrants } from '../../packages/tagger/test/pictures.ts';
import { parseJsonl, tagmill, tagmillIn } from '../helpers/command.ts';

/** What each file is, and what has to become of it: an outcome, or a rejection's or failure's reason. */
const FILES: Record<string, [content: () => Promise<Uint8Array> | Uint8Array, expected: string]> = {
  'good.jpg': [() => quadrants().jpeg().toBuffer(), 'looked at'],
  'empty.jpg': [() => new Uint8Array(), 'empty-file'],
  'truncated.jpg': [async () => (await quadrants(800, 600).jpeg().toBuffer()).subarray(0, 3000), 'corrupt'],
  'text.jpg': [() => Buffer.from('this is text'), 'unsupported-format'],
  'huge-60000x60000.png': [() => pngHeader(60_000, 60_000), 'too-many-pixels'],
  'animated.gif': [animation, 'looked at'],
  'grey-16bit.png': [() => quadrants().toColourspace('grey16').png().toBuffer(), 'looked at'],
  'cmyk.jpg': [() => quadrants().toColourspace('cmyk').jpeg().toBuffer(), 'looked at'],
  'rotated.jpg': [() => quadrants().jpeg().withMetadata({ orientation: 6 }).toBuffer(), 'looked at'],
  'vector.svg.png': [() => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'active-content'],
  'windows.bmp': [() => Buffer.from('BM\x36\0\0\0'), 'unsupported-format'],
  'ünïcode +%20 名.jpg': [() => quadrants().jpeg().toBuffer(), 'looked at'],
  'new\nline.jpg': [() => quadrants().jpeg().toBuffer(), 'looked at'],
  'x.jpg/inside.jpg': [() => quadrants().jpeg().toBuffer(), 'looked at'],
  'forbidden.jpg': [() => quadrants().jpeg().toBuffer(), process.getuid?.() === 0 ? 'looked at' : 'unreadable'],
};

let folder: string;
let records: Map<string, ImageRecord>;
let result: ReturnType<typeof tagmill>;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'hostile-'));
  for (const [name, [content]] of Object.entries(FILES)) {
    await fs.mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await fs.writeFile(path.join(folder, name), await content());
  }
  await fs.chmod(path.join(folder, 'forbidden.jpg'), 0);
  await fs.symlink(folder, path.join(folder, 'loop'));
  await fs.writeFile(path.join(folder, 'notes.txt'), 'not an image, and not called one');
  result = tagmill('tag', folder, '--format', 'jsonl');
  records = new Map(
    parseJsonl<ImageRecord>(result.stdout).map((record) => [
      path.relative(folder, (record.image as { path: string }).path),
      record,
    ]),
  );
});
afterAll(() => fs.rm(folder, { recursive: true }));

describe('a folder of hostile files', () => {
  test.each(Object.entries(FILES).map(([name, [, expected]]) => [name, expected] as const))(
    '%j: %s',
    (name, expected) => {
      const record = records.get(name);
      const seen =
        record?.reason ?? (['tagged', 'empty'].includes(record?.outcome ?? '') ? 'looked at' : record?.outcome);
      expect(seen).toBe(expected);
    },
  );

  test('has one record a file, and ends with exit 1', () => {
    expect([...records.keys()].sort()).toEqual(Object.keys(FILES).sort());
    expect(result.code).toBe(1);
  });

  test('is counted, and what was left out is said', () => {
    expect(result.stderr).toMatch(/^1 hidden file.* left out/m);
    expect(result.stderr).toMatch(/\d+ of 15 images could not be tagged/);
  });

  test('prints a table whose lines no file name can break', () => {
    const files = ['new\nline.jpg', 'good.jpg'].map((name) => path.join(folder, name));
    const { stdout } = tagmillIn({ COLUMNS: '200' }, 'tag', ...files);
    expect(stdout).toContain('new\\nline.jpg');
    expect(stdout.trim().split('\n')).toHaveLength(5);
  });
});

async function animation(): Promise<Buffer> {
  const frames = await quadrants(20, 40).raw().toBuffer();
  return sharp(frames, { raw: { width: 20, height: 40, channels: 3, pageHeight: 20 } })
    .gif({ delay: [50, 50] })
    .toBuffer();
}
