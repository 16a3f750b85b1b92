import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { plainJpegHeader } from '../src/plain-jpeg.ts';
import { quadrants } from './pictures.ts';

const PLAIN_ENCODINGS: [string, (image: Sharp) => Sharp][] = [
  ['4:2:0', (image) => image.jpeg({ chromaSubsampling: '4:2:0' })],
  ['4:4:4', (image) => image.jpeg({ chromaSubsampling: '4:4:4' })],
  ['grey', (image) => image.toColourspace('b-w').jpeg()],
];

describe('the header of a plain JPEG', () => {
  test.each(PLAIN_ENCODINGS)('is read: %s', async (name, encode) => {
    const bytes = await encode(quadrants(70, 40)).toBuffer();
    expect(plainJpegHeader(bytes)).toEqual({ width: 70, height: 40, channels: name === 'grey' ? 1 : 3 });
  });

  test.each<[string, (image: Sharp) => Sharp]>([
    ['progressive', (image) => image.jpeg({ progressive: true })],
    ['with EXIF', (image) => image.jpeg().withExif({ IFD0: { Orientation: '6' } })],
    ['with a colour profile', (image) => image.jpeg().withIccProfile('p3')],
    ['of inks', (image) => image.toColourspace('cmyk').jpeg()],
  ])('is left to libvips: %s', async (_, encode) => {
    expect(plainJpegHeader(await encode(quadrants()).toBuffer())).toBeUndefined();
  });

  test('says what libvips says, whatever is done to it', async () => {
    const files = await Promise.all(PLAIN_ENCODINGS.map(([, encode]) => encode(quadrants()).toBuffer()));
    let read = 0;
    const change = fc.record({ at: fc.nat(700), by: fc.integer({ min: 1, max: 255 }) });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), fc.array(change, { maxLength: 3 }), async (file, changes) => {
        const bytes = Buffer.from(file);
        for (const { at, by } of changes) if (at >= 3) bytes[at % bytes.length]! ^= by;
        const header = plainJpegHeader(bytes);
        if (!header) return;
        read++;
        // What is damaged elsewhere is refused by its decoder.
        const metadata = await sharp(bytes)
          .metadata()
          .catch(() => undefined);
        if (!metadata) return;
        const { width, height } = header;
        expect(metadata).toMatchObject({
          ...header,
          autoOrient: { width, height },
          isProgressive: false,
          hasProfile: false,
        });
        expect(metadata.orientation ?? 1).toBe(1);
        expect(metadata.bitsPerSample ?? 8).toBe(8);
        expect(metadata.exif).toBeUndefined();
      }),
      { numRuns: 1500, endOnFailure: true },
    );
    expect(read).toBeGreaterThan(300);
  });
});
