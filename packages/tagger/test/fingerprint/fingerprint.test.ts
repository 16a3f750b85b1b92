import { beforeAll, describe, expect, test } from '@jest/globals';
import sharp, { type Sharp } from 'sharp';
import { makePhotos, samplePhotos } from '../../../../test/helpers/photos.ts';
import { packEmbedding } from '../../src/fingerprint/fingerprint.ts';
import { readLuma } from '../../src/fingerprint/luma.ts';
import { perceptualHash } from '../../src/fingerprint/perceptual-hash.ts';
import { measureSharpness } from '../../src/fingerprint/sharpness.ts';

const SIDES = [96, 128, 160];

let photos: Buffer[];
beforeAll(async () => {
  photos = await makePhotos(12, 7);
});

async function lumaOf(picture: Buffer | Sharp, side: number): Promise<Float32Array> {
  const image = Buffer.isBuffer(picture) ? sharp(picture) : picture;
  return readLuma(await image.resize(side, side, { fit: 'fill' }).removeAlpha().raw().toBuffer(), side);
}

function distance(a: string, b: string): number {
  return (BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2).replaceAll('0', '').length;
}

describe('a perceptual hash', () => {
  test('is nearly the same of a photograph seen by networks of other sizes, recompressed, in grey', async () => {
    for (const photo of await samplePhotos()) {
      const copy = await sharp(photo).greyscale().jpeg({ quality: 40 }).toBuffer();
      const hash = perceptualHash(await lumaOf(photo, 128), 128);
      for (const side of SIDES) {
        expect(distance(hash, perceptualHash(await lumaOf(copy, side), side))).toBeLessThanOrEqual(6);
      }
    }
  });

  test('differs in half of its bits between pictures that have nothing in common', async () => {
    const hashes = await Promise.all(photos.map(async (photo) => perceptualHash(await lumaOf(photo, 96), 96)));
    const distances = hashes.flatMap((a, i) => hashes.slice(i + 1).map((b) => distance(a, b)));
    const mean = distances.reduce((sum, each) => sum + each, 0) / distances.length;
    expect(mean).toBeGreaterThan(26);
    expect(mean).toBeLessThan(38);
    expect(Math.min(...distances)).toBeGreaterThan(10);
  });

  test('of a mirrored picture inverts what is odd across', async () => {
    const luma = await lumaOf(photos[0]!, 128);
    const mirrored = luma.map((_, at) => luma[at - (at % 128) + 127 - (at % 128)]!);
    // Bit 8 v + u, from the highest: odd frequencies u.
    const oddAcross = '5555555555555555';
    const inverted = (BigInt(`0x${perceptualHash(luma, 128)}`) ^ BigInt(`0x${oddAcross}`)).toString(16);
    expect(distance(perceptualHash(mirrored, 128), inverted)).toBeLessThanOrEqual(1);
  });
});

test('a blurred picture is less sharp', async () => {
  for (const photo of photos) {
    const noisy = await lumaOf(photo, 128);
    const blurred = await lumaOf(sharp(photo).blur(6), 128);
    expect(measureSharpness(blurred, 128)).toBeLessThan(measureSharpness(noisy, 128));
  }
});

test('a plain picture has no sharpness, and a hash all the same', () => {
  const plain = new Float32Array(96 * 96).fill(200);
  expect(measureSharpness(plain, 96)).toBe(0);
  expect(perceptualHash(plain, 96)).toMatch(/^[0-9a-f]{16}$/);
});

test('a packed embedding points where the embedding does', () => {
  const numbers = Float32Array.from({ length: 128 }, (_, i) => Math.sin(i + 1));
  const length = Math.hypot(...numbers);
  const packed = packEmbedding(numbers.map((each) => each / length));
  const dot = packed.reduce((sum, each, i) => sum + each * (numbers[i]! / length), 0);
  expect(dot / Math.hypot(...packed)).toBeGreaterThan(0.999);
});
