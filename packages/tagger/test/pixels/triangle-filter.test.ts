import fs from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import sharp from 'sharp';
import { assembleModule, WASM_SOURCES, wasmModule } from '../../../../scripts/assemble-wasm.ts';
import { seededRandom } from '../../../../test/helpers/random.ts';
import type { RgbPixels, Scaling } from '../../src/pixels/scaling.ts';
import { cutSquare } from '../../src/pixels/square.ts';
import { TriangleFilter } from '../../src/pixels/triangle-filter.ts';
import { meanDistance } from '../pictures.ts';

/** The filter only reduces. */
const wanted = fc.integer({ min: 1, max: 40 });
const fit = fc.constantFrom('cover', 'fill', 'inside', 'outside');
const scaling: fc.Arbitrary<Scaling> = fc.record({ width: wanted, height: wanted, fit });
const side = fc.integer({ min: 40, max: 90 });
const noise: fc.Arbitrary<RgbPixels> = fc.tuple(side, side, fc.nat()).map(([width, height, seed]) => {
  const random = seededRandom(seed);
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => 256 * random()) };
});

function scaled(filter: TriangleFilter, { width, height, data }: RgbPixels, to: Scaling): RgbPixels {
  const pixels = filter.pixels({ width, height });
  for (let i = 0; i < width * height; i++) pixels.set(data.subarray(i * 3, i * 3 + 3), i * 4);
  return filter.scaled({ width, height }, to);
}

const withSharp = ({ width, height, data }: RgbPixels, { fit, ...size }: Scaling) =>
  sharp(data, { raw: { width, height, channels: 3 } })
    .resize(size.width, size.height, { fit, kernel: 'linear', withoutEnlargement: fit === 'inside' })
    .raw()
    .toBuffer({ resolveWithObject: true });

/** One row or column of one channel, scaled to as many samples, as the filter is defined. */
function scaledLine(line: readonly number[], count: number): number[] {
  const factor = line.length / count;
  return Array.from({ length: count }, (_, index) => {
    const weights = line.map((_, sample) => Math.max(0, factor - Math.abs(sample + 0.5 - (index + 0.5) * factor)));
    const area = weights.reduce((sum, weight) => sum + weight, 0);
    return line.reduce((sum, value, sample) => sum + (value * weights[sample]!) / area, 0);
  });
}

function scaledPlainly({ width, height, data }: RgbPixels, to: Scaling): number[] {
  const lines = Array.from({ length: 3 * width }, (_, i) =>
    Array.from({ length: height }, (_, y) => data[y * width * 3 + i]!),
  );
  const low = lines.map((line) => scaledLine(line, to.height));
  return Array.from({ length: to.height }, (_, y) => {
    const channels = [0, 1, 2].map((channel) =>
      scaledLine(
        Array.from({ length: width }, (_, x) => low[x * 3 + channel]![y]!),
        to.width,
      ),
    );
    return Array.from({ length: to.width * 3 }, (_, i) => channels[i % 3]![Math.floor(i / 3)]!);
  }).flat();
}

function largestDistance(values: Uint8Array, expected: ArrayLike<number>): number {
  return values.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0);
}

describe('the triangle filter', () => {
  test('is what triangle-filter.wat says', async () => {
    for (const source of WASM_SOURCES) {
      expect(fs.readFileSync(wasmModule(source), 'utf8')).toBe(await assembleModule(source));
    }
  });

  test('weighs samples by a triangle as wide as two of the scaled ones', () => {
    fc.assert(
      fc.property(noise, wanted, wanted, (picture, width, height) => {
        const to = { width, height, fit: 'fill' } as const;
        const exact = scaledPlainly(picture, to);
        const { data } = scaled(new TriangleFilter(), picture, to);
        expect(data).toHaveLength(exact.length);
        // Weights are rounded to a 256th, values after each direction.
        expect(largestDistance(data, exact)).toBeLessThan(5);
        expect(meanDistance(data, exact)).toBeLessThan(1);
      }),
      { numRuns: 20, endOnFailure: true },
    );
  });

  test('gives the centre as it gives the whole and the centre is cut out', () => {
    fc.assert(
      fc.property(noise, wanted, wanted, fc.constantFrom('cover', 'fill'), (picture, one, another, fit) => {
        const [centre, side] = [one, another].sort((a, b) => a - b) as [number, number];
        const to = { width: side, height: side, fit };
        const margin = Math.floor((side - centre) / 2);
        const filter = new TriangleFilter();
        expect(scaled(filter, picture, { ...to, centre })).toEqual({
          data: cutSquare(scaled(filter, picture, to), margin, margin, centre),
          width: centre,
          height: centre,
        });
      }),
      { numRuns: 100, endOnFailure: true },
    );
  });

  test('gives the sizes that libvips gives, whatever was scaled before', async () => {
    const filter = new TriangleFilter();
    // 49 / (42 / 27) is 31.5, and libvips makes 31 of it.
    const half = { width: 42, height: 49, data: new Uint8Array(42 * 49 * 3) };
    await fc.assert(
      fc.asyncProperty(noise, scaling, async (picture, to) => {
        const { width, height, data } = scaled(filter, picture, to);
        const { info } = await withSharp(picture, to);
        expect({ width, height, bytes: data.length }).toEqual({
          width: info.width,
          height: info.height,
          bytes: info.width * info.height * 3,
        });
      }),
      { numRuns: 200, endOnFailure: true, examples: [[half, { width: 27, height: 27, fit: 'outside' }]] },
    );
  });

  test.each<[string, Scaling]>([
    ['a third, cut', { width: 61, height: 61, fit: 'cover' }],
    ['two thirds, cut to be high', { width: 70, height: 90, fit: 'cover' }],
    ['two thirds, not cut', { width: 100, height: 90, fit: 'outside' }],
    ['squeezed', { width: 90, height: 110, fit: 'fill' }],
  ])('gives the values that libvips gives: %s', async (_, to) => {
    const { data: original, info } = await sharp({
      create: {
        width: 12,
        height: 9,
        channels: 3,
        background: 'grey',
        noise: { type: 'gaussian', mean: 128, sigma: 60 },
      },
    })
      .png()
      .toBuffer()
      .then((png) =>
        sharp(png).resize(161, 121, { kernel: 'cubic', fit: 'fill' }).raw().toBuffer({ resolveWithObject: true }),
      );
    const picture = { width: info.width, height: info.height, data: original };
    const { data } = scaled(new TriangleFilter(), picture, to);
    const expected = (await withSharp(picture, to)).data;
    expect(largestDistance(data, expected)).toBeLessThanOrEqual(3);
    expect(meanDistance(data, expected)).toBeLessThan(0.8);
  });
});
