import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import sharp, { type Sharp } from 'sharp';
import { readHevcChroma } from '../../src/formats/hevc-chroma.ts';
import { peakMemory } from './peak-memory.ts';

jest.setTimeout(60_000);

/** What a process held at most is asked of /proc. */
const onLinux = process.platform === 'linux' ? test : test.skip;

/** Where a decoder holds the most of a picture, by format. */
const WORST: [string, (image: Sharp) => Sharp, size?: [width: number, height: number]][] = [
  ['baseline JPEG', (image) => image.jpeg()],
  ['progressive JPEG, 4:4:4', (image) => image.jpeg({ progressive: true, chromaSubsampling: '4:4:4' })],
  ['progressive JPEG, 4:2:0', (image) => image.jpeg({ progressive: true })],
  ['progressive CMYK JPEG', (image) => image.toColourspace('cmyk').jpeg({ progressive: true })],
  ['wide and low PNG', (image) => image.png({ compressionLevel: 1 }), [20_000, 300]],
  [
    'interlaced PNG of 16 bits',
    (image) => image.toColourspace('rgb16').png({ progressive: true, compressionLevel: 1 }),
  ],
  ['lossless WebP with alpha', (image) => image.ensureAlpha(0.5).webp({ lossless: true, effort: 0 })],
  ['GIF', (image) => image.gif({ effort: 1 })],
  [
    'TIFF of one row of tiles',
    (image) => image.tiff({ compression: 'lzw', tile: true, tileWidth: 256, tileHeight: 1200 }),
  ],
  ['AVIF, 4:4:4 with alpha', (image) => image.ensureAlpha(0.5).avif({ effort: 0 })],
  ['AVIF of 12 bits', (image) => image.avif({ effort: 0, bitdepth: 12 })],
];

describe('decoding takes no more memory than was estimated', () => {
  onLinux.each(WORST)('of a %s', async (_, encode, [width, height] = [1800, 1200]) => {
    const bytes = await encode(noise(width, height)).toBuffer();
    const warmUp = await encode(noise(64, 1200)).toBuffer();
    const { header, peakBytes } = await peakMemory(bytes, { warmUp });
    const { decodingBytes } = header!.encoding;
    expect(peakBytes).toBeLessThanOrEqual(decodingBytes);
    // Nor is it so far above that images are refused for nothing.
    expect(peakBytes).toBeGreaterThan(decodingBytes / 4 - 8 * 2 ** 20);
  });
});

test('the chroma of a HEIC is told by its configuration', () => {
  const heic = fs.readFileSync(path.join(import.meta.dirname, '../fixtures/quadrants-64x48.heic'));
  expect(readHevcChroma(heic)).toBe('4:2:0');
  const finer = Buffer.from(heic);
  finer[finer.indexOf('hvcC') + 4 + 16]! |= 3;
  expect(readHevcChroma(finer)).toBe('finer');
});

function noise(width: number, height: number): Sharp {
  const grain = { type: 'gaussian', mean: 128, sigma: 20 } as const;
  return sharp({ create: { width, height, channels: 3, background: 'grey', noise: grain } });
}
