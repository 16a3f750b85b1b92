import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Fingerprint, ImageRecord } from '@tagmill/core';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import { parseJsonl, startTagmill, tagmill } from '../../../test/helpers/command.ts';
import { samplePhotos } from '../../../test/helpers/photos.ts';
import { serveRecords } from '../../../test/helpers/records-api.ts';
import { record, tag } from '../../tag-store/test/records.ts';

jest.setTimeout(60_000);

let scratch: string;
beforeAll(() => {
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'duplicates-'));
});
afterAll(() => fs.rmSync(scratch, { recursive: true }));

describe('tagmill duplicates --photos', () => {
  let folder: string;
  const pathOf = (name: string) => path.join(folder, name);

  beforeAll(async () => {
    folder = path.join(scratch, 'photos');
    fs.mkdirSync(folder);
    const photos = await samplePhotos();
    for (const [i, photo] of photos.entries()) fs.writeFileSync(pathOf(`${i}.jpg`), photo);
    await sharp(photos[0]).resize(200).jpeg({ quality: 50 }).toFile(pathOf('small.jpg'));
    await sharp(photos[1]).rotate(90).greyscale().jpeg().toFile(pathOf('turned.jpg'));
  });

  test('groups a resized and a turned copy with their originals, and no other photos', () => {
    const { code, stdout, stderr } = tagmill('duplicates', '--photos', folder, '--format', 'jsonl');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'Groups of copies: 2. Of 7 images, 2 could go\n',
    });
    const groups = parseJsonl<Group>(stdout);
    const paths = groups.map(({ keep, others }) => [keep, ...others].map(({ image }) => path.basename(image.path)));
    expect(paths[0]).toEqual(['0.jpg', 'small.jpg']);
    expect(paths[1]!.toSorted()).toEqual(['1.jpg', 'turned.jpg']);
    expect(groups[0]).toMatchObject({ group: 1, why: 'largest', others: [{ distance: expect.any(Number) }] });
  });

  test('names a file that is no image, and ends with 1', () => {
    const broken = path.join(scratch, 'broken.jpg');
    fs.writeFileSync(broken, 'no');
    expect(tagmill('duplicates', '--photos', pathOf('0.jpg'), broken)).toEqual({
      code: 1,
      stdout: '',
      stderr: `${broken} was left out: Not an image in a known format\nGroups of copies: none. Images compared: 1\n`,
    });
  });

  test('is wrong use together with an expression', () => {
    const { code, stderr } = tagmill('duplicates', 'cat', '--photos', folder);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('not both') });
  });
});

interface Group {
  group: number;
  why: string;
  keep: { image: { path: string } };
  others: { image: { path: string }; distance: number }[];
}

describe('tagmill duplicates of a stack', () => {
  let api: Awaited<ReturnType<typeof serveRecords>>;

  beforeAll(async () => {
    const fingerprint = (hash: string): Fingerprint => ({ hash, sharpness: 120 });
    const seen = (key: string, hash: string | undefined, more: Partial<ImageRecord['image']> = {}): ImageRecord => {
      const own = record(key, [tag('cat', 0.9)]);
      return {
        ...own,
        image: { ...own.image, ...more },
        ...(hash && { fingerprint: fingerprint(hash) }),
      } as ImageRecord;
    };
    api = await serveRecords([
      seen('2019/small, old.jpg', '123456789abcdef0', { width: 400, height: 300 }),
      seen('2019/large.jpg', '123456789abcdef1', { width: 4000, height: 3000 }),
      seen('2020/copy.jpg', '123456789abcdef0', { width: 100, height: 75 }),
      seen('2020/other.jpg', 'e1c2a3948576fd01'),
    ]);
  });
  afterAll(() => api.close());

  async function duplicates(...args: string[]) {
    const child = startTagmill('duplicates', ...args, '--endpoint', api.url);
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
    return { code, stdout, stderr };
  }

  test('compares stored fingerprints alone, as CSV: the one to keep first', async () => {
    const { code, stdout, stderr } = await duplicates('--format', 'csv');
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'Groups of copies: 1. Of 4 images, 2 could go\n' });
    const rows = parse<Record<string, string>>(stdout, { columns: true });
    expect(rows.map(({ group, image, keep, why, distance }) => [group, image, keep, why, distance])).toEqual([
      ['1', 'photos/2019/large.jpg', 'yes', 'largest', ''],
      ['1', 'photos/2019/small, old.jpg', 'no', '', '1'],
      ['1', 'photos/2020/copy.jpg', 'no', '', '1'],
    ]);
  });

  test('compares only what an expression describes; a table is for people', async () => {
    const { code, stdout } = await duplicates('folder:2019');
    expect(code).toBe(0);
    expect(stdout).toMatch(/1 │ photos\/2019\/large\.jpg +│ 4000 x 3000 │ +120 │ +│ yes: largest/);
    expect(stdout).not.toContain('2020');
  });
});

test('images without a fingerprint are counted, and the command ends with 1', async () => {
  const api = await serveRecords([record('old.jpg', [tag('cat', 0.9)])]);
  try {
    const child = startTagmill('duplicates', '--endpoint', api.url);
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect(code).toBe(1);
    expect(stderr).toContain('tagged before there were fingerprints: 1');
  } finally {
    await api.close();
  }
});
