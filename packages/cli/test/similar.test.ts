import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { ImageRecord } from '@tagmill/core';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import { parseJsonl, startTagmill, tagmill } from '../../../test/helpers/command.ts';
import { samplePhotos } from '../../../test/helpers/photos.ts';
import { serveRecords } from '../../../test/helpers/records-api.ts';
import { record, tag } from '../../tag-store/test/records.ts';

jest.setTimeout(60_000);

describe('tagmill similar to a file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'similar-'));
    const photos = await samplePhotos();
    for (const [i, photo] of photos.entries()) fs.writeFileSync(path.join(folder, `${i}.jpg`), photo);
    await sharp(photos[2]).resize(300).jpeg().toFile(path.join(folder, 'copy.jpg'));
  });
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  test('finds a scaled copy first, and never the file itself', () => {
    const file = path.join(folder, '2.jpg');
    const { code, stdout, stderr } = tagmill('similar', file, '--photos', folder, '--format', 'jsonl', '--limit', '9');
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'Images compared: 5\n' });
    const found = parseJsonl<{ likeness: number; image: { path: string } }>(stdout);
    expect(found.map(({ image }) => path.basename(image.path)).toSorted()).toEqual([
      '0.jpg',
      '1.jpg',
      '3.jpg',
      '4.jpg',
      'copy.jpg',
    ]);
    expect(path.basename(found[0]!.image.path)).toBe('copy.jpg');
    const likenesses = found.map(({ likeness }) => likeness);
    expect(likenesses).toEqual(likenesses.toSorted((a, b) => b - a));
    expect(likenesses[0]).toBeGreaterThan(0.9);
  });

  test('is wrong use where there is no such file', () => {
    const { code, stderr } = tagmill('similar', path.join(folder, 'none.jpg'), '--photos', folder);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('none.jpg') });
  });
});

describe("tagmill similar to a stack's image", () => {
  let api: Awaited<ReturnType<typeof serveRecords>>;
  const pack = (...numbers: number[]) => Buffer.from(Int8Array.from(numbers)).toString('base64');

  beforeAll(async () => {
    const seen = (key: string, embedding?: string, space = 'made-4-abc'): ImageRecord => ({
      ...record(key, [tag('cat', 0.9)]),
      fingerprint: { hash: '123456789abcdef0', sharpness: 9, ...(embedding && { space, embedding }) },
    });
    api = await serveRecords([
      seen('far.jpg', pack(0, 0, 100, 0)),
      seen('near.jpg', pack(90, 30, 0, 0)),
      seen('it.jpg', pack(100, 10, 0, 0)),
      seen('nearest.jpg', pack(100, 11, 0, 0)),
      seen('elsewhere.jpg', pack(100, 10, 0, 0), 'made-4-def'),
      seen('without.jpg'),
    ]);
  });
  afterAll(() => api.close());

  async function similar(...args: string[]) {
    const child = startTagmill('similar', ...args, '--endpoint', api.url);
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
    return { code, stdout, stderr };
  }

  test('lists as many as are asked for, the most alike first, of its own space only, and counts the others', async () => {
    const { code, stdout, stderr } = await similar('s3://photos/it.jpg', '--limit', '2', '--format', 'csv');
    expect(parse(stdout, { columns: true })).toEqual([
      { likeness: '1', image: 'photos/nearest.jpg', tags: 'cat' },
      { likeness: '0.975', image: 'photos/near.jpg', tags: 'cat' },
    ]);
    expect(code).toBe(1);
    expect(stderr.split('\n')).toEqual([
      'Images compared: 3',
      'Images left out, whose embeddings are of another family or of other weights: 1',
      '',
    ]);
  });

  test('prints a table for people', async () => {
    expect((await similar('s3://photos/it.jpg')).stdout).toMatch(/1\.000 │ photos\/nearest\.jpg │ cat/);
  });

  test.each([
    ['has no embedding to compare', 's3://photos/without.jpg', 2],
    ['No record of none.jpg in photos', 's3://photos/none.jpg', 1],
  ])('says so: %s', async (message, image, code) => {
    expect(await similar(image)).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(message) });
  });
});
