import { expect, test } from '@jest/globals';
import type { Sharp } from 'sharp';
import { DEFAULT_LIMITS, inspect } from '../../src/index.ts';
import { decodeScaledPicture } from '../../src/pixels/scaled.ts';
import type { RgbPixels, Scaling } from '../../src/pixels/scaling.ts';
import { decodedByLibvips } from '../decoded-by-libvips.ts';
import { meanDistance } from '../pictures.ts';

interface JpegDecoder {
  /** A photo that the decoder is for. */
  jpeg: (encode?: (image: Sharp) => Sharp) => Promise<Buffer>;
  decode: (bytes: Buffer, scaling?: Scaling) => Promise<RgbPixels | undefined>;
  square: Scaling;
  fits: readonly Scaling['fit'][];
}

/** Tests what holds for each decoder that stands in for libvips. */
export function testJpegDecoder({ jpeg, decode, square, fits }: JpegDecoder): void {
  test.each<[string, (image: Sharp) => Sharp]>([
    ['4:2:0', (image) => image.jpeg({ quality: 88 })],
    ['4:4:4', (image) => image.jpeg({ quality: 88, chromaSubsampling: '4:4:4' })],
    ['grey', (image) => image.toColourspace('b-w').jpeg({ quality: 88 })],
    ['with optimized codes', (image) => image.jpeg({ quality: 60, optimizeCoding: true })],
    ['hardly compressed', (image) => image.jpeg({ quality: 100 })],
    ['in another colour space', (image) => image.jpeg({ quality: 88 }).withIccProfile('p3')],
    ['on its side', (image) => image.jpeg({ quality: 88 }).withExif({ IFD0: { Orientation: '6' } })],
  ])('looks as libvips decodes it, to a grey level and a half: %s', async (_, encode) => {
    const bytes = await jpeg(encode);
    for (const fit of fits) {
      const scaling = { ...square, fit };
      const [ours, theirs] = [await decode(bytes, scaling), await decodedByLibvips(bytes, scaling)];
      expect(ours).toMatchObject({ width: theirs.width, height: theirs.height });
      expect(meanDistance(ours!.data, theirs.data)).toBeLessThan(1.5);
      expect(await decodeScaledPicture(bytes, await inspect(bytes, DEFAULT_LIMITS), scaling)).toEqual(ours);
    }
  });

  test('of inks is libvips’', async () => {
    const bytes = await jpeg((image) => image.toColourspace('cmyk').jpeg());
    expect(await decode(bytes)).toBeUndefined();
    const header = await inspect(bytes, DEFAULT_LIMITS);
    expect(await decodeScaledPicture(bytes, header, square)).toEqual(await decodedByLibvips(bytes, square));
  });

  test.each([0.3, 0.6, 0.99])('that is cut off after %f of its bytes is corrupt', async (share) => {
    const intact = await jpeg();
    const bytes = intact.subarray(0, Math.floor(share * intact.length));
    expect(await decode(bytes)).toBeUndefined();
    const header = await inspect(bytes, DEFAULT_LIMITS);
    await expect(decodeScaledPicture(bytes, header, square)).rejects.toMatchObject({ code: 'corrupt' });
  });
}
