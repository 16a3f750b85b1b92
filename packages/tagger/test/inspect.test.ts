import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { REJECT_REASONS } from '@tagmill/core';
import fc from 'fast-check';
import { DEFAULT_LIMITS, decode, inspect } from '../src/index.ts';
import { avifHeader, meanDistance, photo, pngHeader, quadrants } from './pictures.ts';

const limits = DEFAULT_LIMITS;
const text = (content: string) => Buffer.from(content, 'latin1');

describe('an image is refused, with its reason,', () => {
  test.each<[string, string, Uint8Array]>([
    ['if it is empty', 'empty-file', new Uint8Array()],
    ['if it is text', 'unsupported-format', text('no picture, whatever its name')],
    ['if it is SVG', 'active-content', text('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['if it is PDF', 'active-content', text('%PDF-1.7\n')],
    ['if it is HTML', 'active-content', text('<!DOCTYPE html><img src="x">')],
    ['if it is BMP', 'unsupported-format', text('BM\x36\0\0\0\0\0')],
    ['if it is a header and nothing else', 'corrupt', text('\xff\xd8\xff\xe0')],
    ['if it has more pixels than are allowed', 'too-many-pixels', pngHeader(60_000, 60_000)],
    ['if it is longer than any camera’s', 'too-many-pixels', pngHeader(4_000_000, 48)],
  ])('%s: %s', async (_, code, bytes) => {
    await expect(inspect(bytes, limits)).rejects.toMatchObject({ code });
  });

  test('BMP by name', async () => {
    await expect(inspect(text('BM\x36\0'), limits)).rejects.toThrow('BMP is not supported');
  });

  test.each([
    ['CR2', 'II*\0\x10\0\0\0CR\x02\0'],
    ['CR3', '\0\0\0\x18ftypcrx \0\0\0\x01crx isom'],
    ['RAF', 'FUJIFILMCCD-RAW 0201'],
    ['ORF', 'IIRO\x08\0\0\0'],
    ['RW2', 'IIU\0\x18\0\0\0'],
    ['JPEG XL', '\xff\x0a\xfa\x1f'],
  ])('%s by name', async (name, begin) => {
    const refused = {
      code: 'unsupported-format',
      message: expect.stringMatching(new RegExp(`^${name}.* is not supported`)),
    };
    await expect(inspect(text(begin), limits)).rejects.toMatchObject(refused);
  });

  test('if it has more bytes than are allowed', async () => {
    const bytes = await quadrants().png().toBuffer();
    await expect(inspect(bytes, { ...limits, maxBytes: 10 })).rejects.toMatchObject({ code: 'too-many-bytes' });
  });

  test('with what was known of it by then', async () => {
    await expect(inspect(pngHeader(60_000, 60_000), limits)).rejects.toMatchObject({
      facts: { format: 'png', width: 60_000, height: 60_000, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
  });

  test('if decoding it would take too much memory, though its pixels alone are allowed', async () => {
    await expect(inspect(await avifHeader(14_000, 14_000), limits)).rejects.toMatchObject({
      code: 'too-many-pixels',
      message: '14000 x 14000 pixels of this avif may take 3611 MiB of memory, 672 MiB are given',
    });
    await expect(inspect(await avifHeader(6000, 4000), limits)).resolves.toMatchObject({ width: 6000 });
  });

  test('and 60,000 x 60,000 pixels cost no memory', async () => {
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 20; i++) await inspect(pngHeader(60_000, 60_000), limits).catch(() => undefined);
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * 2 ** 20);
  });

  test('if it is cut off half way, when it is decoded', async () => {
    for (const format of ['jpeg', 'png', 'webp', 'gif', 'tiff'] as const) {
      const bytes = await quadrants(400, 300).toFormat(format).toBuffer();
      const half = bytes.subarray(0, bytes.length / 2);
      const tagging = inspect(half, limits).then((header) =>
        decode(half, header, { inputSize: 64, fit: 'squash', centralFraction: 1 }),
      );
      await expect(tagging).rejects.toMatchObject({ code: 'corrupt', facts: { format } });
    }
  });

  test('if a JPEG lacks but its last few bytes; not if what it lacks lies outside of the centre that is looked at', async () => {
    const fits = { inputSize: 64, centralFraction: 1 } as const;
    const tall = await (await photo(200, 1000)).jpeg().toBuffer();
    const short = tall.subarray(0, tall.length - 20);
    const header = await inspect(short, limits);
    await expect(decode(short, header, { ...fits, fit: 'squash' })).rejects.toMatchObject({ code: 'corrupt' });
    // A whole one is decoded by libjpeg-turbo, one that it complains about by libvips, at a reduced size: of noise, not the same.
    const [ofShort, ofTall] = await Promise.all(
      [short, tall].map((bytes) => decode(bytes, header, { ...fits, fit: 'centre-crop' })),
    );
    expect(meanDistance(ofShort!, ofTall!)).toBeLessThan(5);
  });
});

test('the time of capture keeps the zone that the camera wrote', async () => {
  const taken = (exif: Record<string, string>) =>
    quadrants()
      .jpeg()
      .withExif({ IFD2: exif })
      .toBuffer()
      .then((bytes) => inspect(bytes, limits));
  expect((await taken({ DateTimeOriginal: '2026:03:01 12:30:00', OffsetTimeOriginal: '+02:00' })).takenAt).toBe(
    '2026-03-01T12:30:00+02:00',
  );
  expect((await taken({ DateTimeOriginal: '2026:03:01 12:30:00' })).takenAt).toBe('2026-03-01T12:30:00');
  expect((await taken({ DateTimeOriginal: '2026:03:01 12:30:00', OffsetTimeOriginal: '+99:99' })).takenAt).toBe(
    '2026-03-01T12:30:00',
  );
  expect((await taken({ DateTimeOriginal: 'yesterday' })).takenAt).toBeUndefined();
  expect((await taken({ DateTimeOriginal: '0000:00:00 00:00:00' })).takenAt).toBeUndefined();
});

describe('whatever the bytes, an image is read or refused with a reason of the list', () => {
  const tryOut = async (bytes: Uint8Array) => {
    try {
      await decode(bytes, await inspect(bytes, limits), { inputSize: 32, fit: 'centre-crop', centralFraction: 1 });
    } catch (error) {
      expect(REJECT_REASONS).toContain((error as { code: string }).code);
    }
  };

  test('random bytes', () => fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), tryOut), { numRuns: 200 }));

  const heic = path.join(import.meta.dirname, 'fixtures/quadrants-64x48.heic');

  test.each(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif', 'heic'] as const)('a damaged %s', async (format) => {
    const whole = format === 'heic' ? fs.readFileSync(heic) : await quadrants().toFormat(format).toBuffer();
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(damage, (changes) => {
        const damaged = Uint8Array.from(whole);
        for (const [at, byte] of changes) damaged[at] = byte;
        return tryOut(damaged);
      }),
      { numRuns: 60 },
    );
  });
});
