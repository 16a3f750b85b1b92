import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { makeThumbnail } from '../../src/index.ts';
import { BLUE, GREEN, pngHeader, quadrants, RED, YELLOW } from '../pictures.ts';

/** The colours a quarter in from each corner: top left, top right, bottom left, bottom right. */
async function corners(file: Uint8Array): Promise<number[][]> {
  const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => {
    const start = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels;
    return [...data.subarray(start, start + 3)];
  };
  return [at(0.25, 0.25), at(0.75, 0.25), at(0.25, 0.75), at(0.75, 0.75)];
}

function distance(actual: number[][], expected: readonly (readonly number[])[]): number {
  return Math.max(...actual.flatMap((colour, i) => colour.map((value, c) => Math.abs(value - expected[i]![c]!))));
}

const UPRIGHT = [RED, GREEN, BLUE, YELLOW];

/** Where the quadrants are seen when a picture is stored by one of EXIF's orientations: EXIF 2.32, 4.6.4, tag 0112. */
const SEEN: Record<number, readonly (readonly number[])[]> = {
  1: UPRIGHT,
  2: [GREEN, RED, YELLOW, BLUE],
  3: [YELLOW, BLUE, GREEN, RED],
  4: [BLUE, YELLOW, RED, GREEN],
  5: [RED, BLUE, GREEN, YELLOW],
  6: [BLUE, RED, YELLOW, GREEN],
  7: [YELLOW, GREEN, BLUE, RED],
  8: [GREEN, YELLOW, RED, BLUE],
};

describe('a thumbnail', () => {
  test('fits the side that was asked for, and keeps its shape', async () => {
    const file = await makeThumbnail(await quadrants(800, 600).jpeg().toBuffer(), { maxSide: 100 });
    expect(await sharp(file).metadata()).toMatchObject({ format: 'webp', width: 100, height: 75 });
  });

  test('of a small image is not enlarged', async () => {
    const file = await makeThumbnail(await quadrants(64, 48).png().toBuffer(), { maxSide: 320 });
    expect(await sharp(file).metadata()).toMatchObject({ width: 64, height: 48 });
  });

  test.each(Object.keys(SEEN).map(Number))('is upright where EXIF says orientation %d', async (orientation) => {
    const stored = await quadrants(160, 120).withMetadata({ orientation }).jpeg({ quality: 95 }).toBuffer();
    const file = await makeThumbnail(stored, { maxSide: 80 });
    const [width, height] = orientation < 5 ? [80, 60] : [60, 80];
    expect(await sharp(file).metadata()).toMatchObject({ width, height });
    expect(distance(await corners(file), SEEN[orientation]!)).toBeLessThan(25);
  });

  test.each(['quadrants-64x48.heic', 'turned-64x48.heic'])('is made of %s', async (name) => {
    const bytes = await fs.promises.readFile(path.join(import.meta.dirname, '../fixtures', name));
    expect(distance(await corners(await makeThumbnail(bytes, { maxSide: 48 })), UPRIGHT)).toBeLessThan(40);
  });

  test('tells nothing of where the photo was taken', async () => {
    const exif = { IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 31/1 12/1' }, IFD0: { Artist: 'somebody' } };
    const located = await quadrants().withExif(exif).jpeg().toBuffer();
    expect((await sharp(located).metadata()).exif?.toString('latin1')).toContain('somebody');
    const { exif: left, icc, xmp } = await sharp(await makeThumbnail(located, { maxSide: 32 })).metadata();
    expect({ left, icc, xmp }).toEqual({ left: undefined, icc: undefined, xmp: undefined });
  });

  test.each([
    ['nothing', 'empty-file', Buffer.alloc(0)],
    ['an SVG', 'active-content', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['a decompression bomb', 'too-many-pixels', pngHeader(60_000, 60_000)],
    ['a header alone', 'corrupt', pngHeader(600, 600)],
  ])('of %s is refused as %s', async (_, code, bytes) => {
    await expect(makeThumbnail(bytes, { maxSide: 320 })).rejects.toMatchObject({ code });
  });
});
