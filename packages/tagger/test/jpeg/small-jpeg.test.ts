import { describe, expect, test } from '@jest/globals';
import type { Sharp } from 'sharp';
import { DEFAULT_LIMITS, inspect } from '../../src/index.ts';
import { decodeSmallJpeg, isSmallJpeg } from '../../src/jpeg/small-jpeg.ts';
import { decodeScaledPicture } from '../../src/pixels/scaled.ts';
import type { RgbPixels, Scaling } from '../../src/pixels/scaling.ts';
import { decodedByLibvips } from '../decoded-by-libvips.ts';
import { meanDistance, photo } from '../pictures.ts';
import { testJpegDecoder } from './jpeg-decoder.ts';

const SQUARE: Scaling = { width: 146, height: 146, fit: 'cover' };

const jpeg = async (encode: (image: Sharp) => Sharp = (image) => image.jpeg({ quality: 88 })) =>
  encode(await photo(500, 375)).toBuffer();

async function fast(bytes: Buffer, scaling = SQUARE): Promise<RgbPixels | undefined> {
  const header = await inspect(bytes, DEFAULT_LIMITS);
  expect(isSmallJpeg(header, scaling)).toBe(true);
  return decodeSmallJpeg(bytes, header, scaling);
}

describe('a small JPEG', () => {
  testJpegDecoder({ jpeg, decode: fast, square: SQUARE, fits: ['cover', 'fill'] });

  test('is what decodeScaledPicture gives, whatever was decoded side by side', async () => {
    const photos = await Promise.all(
      [60, 70, 80, 90].map((quality) => jpeg((image) => image.resize(300 + 2 * quality).jpeg({ quality }))),
    );
    const alone: (RgbPixels | undefined)[] = [];
    for (const bytes of photos) alone.push(await fast(bytes));
    const together = await Promise.all(
      photos.map(async (bytes) => decodeScaledPicture(bytes, await inspect(bytes, DEFAULT_LIMITS), SQUARE)),
    );
    expect(together).toEqual(alone);
  });

  test.each(['cover', 'fill'] as const)('is cut where libvips’ picture is: %s', async (fit) => {
    const bytes = await jpeg();
    const scaling = { ...SQUARE, fit, centre: 129 };
    const [ours, theirs] = [await fast(bytes, scaling), await decodedByLibvips(bytes, scaling)];
    expect(ours).toMatchObject({ width: 129, height: 129 });
    expect(theirs).toMatchObject({ width: 129, height: 129 });
    expect(meanDistance(ours!.data, theirs.data)).toBeLessThan(1.5);
  });

  test.each<[string, Scaling, (image: Sharp) => Sharp]>([
    ['progressive', SQUARE, (image) => image.jpeg({ progressive: true })],
    ['no JPEG', SQUARE, (image) => image.png()],
    ['enlarged', { ...SQUARE, height: 376, fit: 'fill' }, (image) => image.jpeg()],
    ['of more than a megapixel', SQUARE, (image) => image.resize(1200, 900).jpeg()],
  ])('is none that is %s', async (_, scaling, encode) => {
    const header = await inspect(await jpeg(encode), DEFAULT_LIMITS);
    expect(isSmallJpeg(header, scaling)).toBe(false);
  });

  // libjpeg warns of "extraneous bytes before marker", and goes on.
  test('with something that libjpeg warns of is libvips’, and still is a picture', async () => {
    const intact = await jpeg();
    const afterApp0 = 4 + intact.readUInt16BE(4);
    const bytes = Buffer.concat([intact.subarray(0, afterApp0), Buffer.from([1, 2, 3]), intact.subarray(afterApp0)]);
    expect(await fast(bytes)).toBeUndefined();
    const header = await inspect(bytes, DEFAULT_LIMITS);
    expect(await decodeScaledPicture(bytes, header, SQUARE)).toEqual(await decodedByLibvips(intact, SQUARE));
  });

  test('whose header promised another size gives what is there, or nothing', async () => {
    const bytes = await jpeg();
    const header = await inspect(bytes, DEFAULT_LIMITS);
    const larger = await decodeSmallJpeg(bytes, { ...header, width: 600, height: 400 }, SQUARE);
    expect(larger).toEqual(await fast(bytes));
    expect(await decodeSmallJpeg(bytes, { ...header, width: 400, height: 300 }, SQUARE)).toBeUndefined();
  });
});
