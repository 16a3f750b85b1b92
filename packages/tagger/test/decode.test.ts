import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import type { Preprocessing } from '@tagmill/core';
import sharp, { type Sharp } from 'sharp';
import { DEFAULT_LIMITS, decode, inspect } from '../src/index.ts';
import { BLUE, GREEN, meanDistance, photo, quadrants, RED, YELLOW } from './pictures.ts';

const SIDE = 16;
const squash: Preprocessing = { inputSize: SIDE, fit: 'squash', centralFraction: 1 };

const whole = (bytes: Uint8Array, preprocessing = squash) =>
  inspect(bytes, DEFAULT_LIMITS).then((header) => decode(bytes, header, preprocessing));

/** The colours a quarter in from each corner: top left, top right, bottom left, bottom right. */
function corners(pixels: Uint8Array): number[][] {
  const at = (y: number, x: number) => [...pixels.subarray((y * SIDE + x) * 3, (y * SIDE + x) * 3 + 3)];
  const [near, far] = [SIDE / 4, (3 * SIDE) / 4];
  return [at(near, near), at(near, far), at(far, near), at(far, far)];
}

function expectColours(actual: number[][], expected: readonly (readonly number[])[], tolerance = 12): void {
  actual.forEach((colour, i) => {
    const distance = Math.max(...colour.map((value, c) => Math.abs(value - expected[i]![c]!)));
    expect(distance <= tolerance ? expected[i] : colour).toEqual(expected[i]);
  });
}

describe('decoding', () => {
  test.each<[string, (image: Sharp) => Sharp]>([
    ['JPEG', (image) => image.jpeg({ quality: 95 })],
    ['progressive JPEG', (image) => image.jpeg({ quality: 95, progressive: true })],
    ['CMYK JPEG', (image) => image.toColourspace('cmyk').jpeg({ quality: 95 })],
    ['PNG', (image) => image.png()],
    ['16-bit PNG', (image) => image.toColourspace('rgb16').png()],
    ['palette PNG', (image) => image.png({ palette: true })],
    ['WebP', (image) => image.webp({ quality: 95 })],
    ['AVIF', (image) => image.avif({ quality: 90 })],
    ['GIF', (image) => image.gif()],
    ['TIFF', (image) => image.tiff({ compression: 'lzw' })],
    ['Display P3 JPEG', (image) => image.jpeg({ quality: 95 }).withIccProfile('p3')],
  ])('reads %s in its true colours', async (name, encode) => {
    const bytes = await encode(quadrants()).toBuffer();
    // CMYK and back goes through printing profiles, which move saturated colours.
    expectColours(corners(await whole(bytes)), [RED, GREEN, BLUE, YELLOW], name.startsWith('CMYK') ? 90 : 12);
  });

  test.each(['rgb16', 'grey16'] as const)(
    'gives %s with a Display P3 profile the colours that 8 bits give',
    async (space) => {
      const flat = sharp({ create: { width: 40, height: 40, channels: 3, background: { r: 220, g: 30, b: 30 } } });
      const deep = await flat.clone().toColourspace(space).withIccProfile('p3').png().toBuffer();
      expect(await inspect(deep, DEFAULT_LIMITS)).toMatchObject({ encoding: { bitsPerSample: 16 } });
      const expected = space === 'grey16' ? Array(3).fill(112) : [220, 30, 30];
      expectColours(corners(await whole(deep)), Array(4).fill(expected), 2);
    },
  );

  // The second is stored on its side, as phones store it: HEIF's `irot` turns it, and EXIF, which says so too, must not.
  test.each(['quadrants-64x48.heic', 'turned-64x48.heic'])('reads HEIC, as phones write it: %s', async (name) => {
    const bytes = fs.readFileSync(path.join(import.meta.dirname, 'fixtures', name));
    expect(await inspect(bytes, DEFAULT_LIMITS)).toMatchObject({ format: 'heic', width: 64, height: 48 });
    expectColours(corners(await whole(bytes)), [RED, GREEN, BLUE, YELLOW]);
  });

  test('refuses a damaged HEIC without a word on stdout, and reads the next one', async () => {
    const bytes = fs.readFileSync(path.join(import.meta.dirname, 'fixtures/quadrants-64x48.heic'));
    const print = jest.spyOn(console, 'log');
    await expect(whole(bytes.subarray(0, bytes.length - 100))).rejects.toMatchObject({ code: 'corrupt' });
    expect(print).not.toHaveBeenCalled();
    print.mockRestore();
    expectColours(corners(await whole(bytes)), [RED, GREEN, BLUE, YELLOW]);
  });

  test('turns AVIF once, as HEIF says', async () => {
    const stored = await quadrants().rotate(270).png().toBuffer();
    const bytes = await sharp(stored).avif({ quality: 90 }).withMetadata({ orientation: 6 }).toBuffer();
    expect(bytes.includes('irot')).toBe(true);
    expect(await inspect(bytes, DEFAULT_LIMITS)).toMatchObject({ width: 64, height: 48 });
    expectColours(corners(await whole(bytes)), [RED, GREEN, BLUE, YELLOW]);
  });

  test.each<[number, (image: Sharp) => Promise<Sharp>]>([
    [1, async (image) => image],
    [2, async (image) => image.flop()],
    [3, async (image) => image.rotate(180)],
    [4, async (image) => image.flip()],
    [5, async (image) => sharp(await image.rotate(90).png().toBuffer()).flop()],
    [6, async (image) => image.rotate(270)],
    [7, async (image) => sharp(await image.rotate(270).png().toBuffer()).flop()],
    [8, async (image) => image.rotate(90)],
  ])('turns EXIF orientation %i upright, and says the size as displayed', async (orientation, store) => {
    const stored = await (await store(quadrants())).jpeg({ quality: 95 }).withMetadata({ orientation }).toBuffer();
    expect(await inspect(stored, DEFAULT_LIMITS)).toMatchObject({ width: 64, height: 48 });
    expectColours(corners(await whole(stored)), [RED, GREEN, BLUE, YELLOW]);
  });

  test('decodes a JPEG on its side just as an upright one, at a reduced size', async () => {
    const turned = await (await photo(1600, 1200)).jpeg({ quality: 90 }).withMetadata({ orientation: 6 }).toBuffer();
    const orientationTag = turned.indexOf(Buffer.from('1201030001000000', 'hex'));
    const untold = Buffer.from(turned);
    untold[orientationTag + 8] = 1;
    expect(await inspect(untold, DEFAULT_LIMITS)).toMatchObject({ width: 1600, encoding: { orientation: 1 } });
    const stored = sharp(await whole(untold), { raw: { width: SIDE, height: SIDE, channels: 3 } });
    expect(Buffer.from(await whole(turned))).toEqual(await stored.rotate(90).raw().toBuffer());
  });

  test('lays transparency over white', async () => {
    const clear = sharp({ create: { width: 40, height: 40, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } });
    const pixels = await whole(await clear.png().toBuffer());
    expect([Math.min(...pixels), Math.max(...pixels)]).toEqual([255, 255]);
  });

  test('gives greyscale of 8 and 16 bits three equal channels of the same grey', async () => {
    const grey = sharp(Buffer.alloc(40 * 40, 100), { raw: { width: 40, height: 40, channels: 1 } });
    const deep = sharp(new Uint16Array(40 * 40).fill(100 * 257), {
      raw: { width: 40, height: 40, channels: 1 },
    });
    for (const bytes of [await grey.png().toBuffer(), await deep.toColourspace('grey16').png().toBuffer()]) {
      const pixels = await whole(bytes);
      expect(pixels).toHaveLength(SIDE * SIDE * 3);
      for (const value of pixels) expect(Math.abs(value - 100)).toBeLessThanOrEqual(1);
    }
  });

  test('takes the first frame of an animation', async () => {
    const frames = Buffer.concat([Buffer.alloc(20 * 20 * 3, 255), Buffer.alloc(20 * 20 * 3, 0)]);
    const animation = sharp(frames, { raw: { width: 20, height: 40, channels: 3, pageHeight: 20 } });
    const bytes = await animation.gif({ delay: [100, 100] }).toBuffer();
    expect((await sharp(bytes).metadata()).pages).toBe(2);
    expect(await inspect(bytes, DEFAULT_LIMITS)).toMatchObject({ width: 20, height: 20 });
    expect(Math.min(...(await whole(bytes)))).toBeGreaterThan(250);
  });

  test('cuts the centre square, or keeps all of the picture, as it is told', async () => {
    // Left and right thirds blue, the middle one red.
    const wide = sharp({ create: { width: 90, height: 30, channels: 3, background: 'blue' } });
    const middle = await sharp({ create: { width: 30, height: 30, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    const bytes = await wide
      .composite([{ input: middle, left: 30, top: 0 }])
      .png()
      .toBuffer();
    const reds = (pixels: Uint8Array) => pixels.filter((value, i) => i % 3 === 0 && value > 128).length / SIDE ** 2;
    expect(reds(await whole(bytes, { ...squash, fit: 'centre-crop' }))).toBe(1);
    expect(reds(await whole(bytes))).toBeCloseTo(1 / 3, 1);
    expect(reds(await whole(bytes, { ...squash, centralFraction: 0.5 }))).toBeCloseTo(2 / 3, 1);
  });

  test('at a reduced size stays close to decoding all of a photo and scaling it', async () => {
    const bytes = await (await photo(1600, 1200)).jpeg({ quality: 90 }).toBuffer();
    const reduced = await whole(bytes, { inputSize: 64, fit: 'squash', centralFraction: 1 });
    const full = await sharp(bytes)
      .resize(64, 64, { fit: 'fill', kernel: 'linear', fastShrinkOnLoad: false })
      .raw()
      .toBuffer();
    const difference = meanDistance(reduced, full);
    expect(difference).toBeLessThan(2);
  });
});
