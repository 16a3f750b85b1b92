import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Sharp } from 'sharp';
import { seededRandom } from '../../../../test/helpers/random.ts';
import { DEFAULT_LIMITS, inspect } from '../../src/index.ts';
import { decodeEighthJpeg, isEighthJpeg } from '../../src/jpeg/eighth-jpeg.ts';
import type { RgbPixels, Scaling } from '../../src/pixels/scaling.ts';
import { decodedByLibvips } from '../decoded-by-libvips.ts';
import { meanDistance, photo } from '../pictures.ts';
import { testJpegDecoder } from './jpeg-decoder.ts';
import { writeJpeg } from './jpeg-writer.ts';

const SQUARE: Scaling = { width: 60, height: 60, fit: 'cover' };

const jpeg = async (encode: (image: Sharp) => Sharp = (image) => image.jpeg({ quality: 88 })) =>
  encode(await photo(800, 603)).toBuffer();

async function fast(bytes: Buffer, scaling = SQUARE): Promise<RgbPixels | undefined> {
  const header = await inspect(bytes, DEFAULT_LIMITS);
  expect(isEighthJpeg(header, scaling)).toBe(true);
  return decodeEighthJpeg(bytes, header, scaling);
}

/** So that as little as possible is smoothed. */
function leastReduced({ width, height }: { width: number; height: number }): Scaling {
  return { width: Math.max(1, Math.floor(width / 9)), height: Math.max(1, Math.floor(height / 9)), fit: 'fill' };
}

describe('a JPEG at an eighth or less', () => {
  testJpegDecoder({ jpeg, decode: fast, square: SQUARE, fits: ['cover', 'fill', 'inside', 'outside'] });

  test('is what libvips decodes, however it is written', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          across: fc.integer({ min: 9, max: 30 }),
          down: fc.integer({ min: 9, max: 30 }),
          components: fc.constantFrom(1, 3),
          sampling: fc.constantFrom<[1 | 2, 1 | 2][]>([1, 1], [2, 1], [1, 2], [2, 2]),
          restartInterval: fc.nat(30),
          dcWordBits: fc.integer({ min: 4, max: 16 }),
          acWordBits: fc.integer({ min: 8, max: 16 }),
          seed: fc.nat(),
        }),
        async ({ seed, ...options }) => {
          const bytes = writeJpeg({ ...options, random: seededRandom(seed) });
          const scaling = leastReduced(await inspect(bytes, DEFAULT_LIMITS));
          const [ours, theirs] = [await fast(bytes, scaling), await decodedByLibvips(bytes, scaling)];
          expect(meanDistance(ours!.data, theirs.data)).toBeLessThan(1);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('is what libvips decodes or left to it, whatever is done to it', async () => {
    const files = [
      // Elsewhere libjpeg takes chroma from more than its means.
      await jpeg((image) => image.jpeg({ chromaSubsampling: '4:4:4' })),
      ...[0, 7].map((restartInterval) =>
        writeJpeg({
          across: 20,
          down: 15,
          components: 3,
          sampling: [2, 2],
          restartInterval,
          dcWordBits: 4,
          acWordBits: 8,
          random: seededRandom(1),
        }),
      ),
    ];
    const counts = { read: 0, left: 0 };
    // Every second one in the header, which is a small part of a file.
    const change = fc.record({ at: fc.oneof(fc.nat(330), fc.nat()), by: fc.integer({ min: 1, max: 255 }) });
    const mutation = fc.record({ file: fc.constantFrom(...files), changes: fc.array(change, { maxLength: 3 }) });
    await fc.assert(
      fc.asyncProperty(mutation, async ({ file, changes }) => {
        const bytes = Buffer.from(file);
        for (const { at, by } of changes) bytes[at % bytes.length]! ^= by;
        const header = await inspect(bytes, DEFAULT_LIMITS).catch(() => undefined);
        const scaling = header && leastReduced(header);
        const ours = scaling && isEighthJpeg(header, scaling) ? decodeEighthJpeg(bytes, header, scaling) : undefined;
        counts[ours ? 'read' : 'left']++;
        if (ours && scaling)
          expect(meanDistance(ours.data, (await decodedByLibvips(bytes, scaling)).data)).toBeLessThan(2);
      }),
      { numRuns: 600, endOnFailure: true },
    );
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(100);
  });

  test.each<[string, Scaling, (image: Sharp) => Sharp]>([
    ['progressive', SQUARE, (image) => image.jpeg({ progressive: true })],
    ['no JPEG', SQUARE, (image) => image.png()],
    ['reduced to more', { ...SQUARE, height: 68, fit: 'fill' }, (image) => image.jpeg()],
  ])('is none that is %s', async (_, scaling, encode) => {
    const header = await inspect(await jpeg(encode), DEFAULT_LIMITS);
    expect(isEighthJpeg(header, scaling)).toBe(false);
  });

  test('with more behind its end is decoded: phones add things there', async () => {
    const bytes = await jpeg();
    const picture = await fast(bytes);
    expect(picture).toBeDefined();
    expect(await fast(Buffer.concat([bytes, Buffer.from('SEFH, and more')]))).toEqual(picture);
  });
});
