import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EmbeddingSpace, loadSpace } from '../src/index.ts';
import { Projection } from '../src/projection.ts';
import { dot } from '../src/vectors.ts';
import { normals, spaceFile } from './made-space.ts';

const variant = { variant: 'made/0.5-96', family: 'made', sha256: 'a'.repeat(64) };
const metadata = { '0.5-96': variant.sha256 };

describe('a space of embeddings', () => {
  test('projects features and brings them to length 1', () => {
    const space = new EmbeddingSpace('made', spaceFile(metadata));
    // (1 · 2 + 1, 2 · 3 - 2) = (3, 4), of length 5.
    const [x, y] = space.embed(variant, Float32Array.of(2, 3));
    expect(x).toBeCloseTo(0.6, 4);
    expect(y).toBeCloseTo(0.8, 4);
  });

  test('has a background of embeddings of length 1', () => {
    const lengths = new EmbeddingSpace('made', spaceFile(metadata)).background.map((each) => Math.hypot(...each));
    lengths.forEach((length) => expect(length).toBeCloseTo(1, 5));
  });

  test('is another where other weights made it', () => {
    const [one, other] = ['a', 'b'].map(
      (digit) => new EmbeddingSpace('made', spaceFile({ '0.5-96': digit.repeat(64) })),
    );
    expect(one!.id).not.toBe(other!.id);
    expect(one!.id).toMatch(/^made-2-[0-9a-f]{12}$/);
    expect([one!.holds(variant), other!.holds(variant)]).toEqual([true, false]);
    expect(() => other!.embed(variant, new Float32Array(2))).toThrow('made of other weights');
  });

  test('refuses features of another network', () => {
    const space = new EmbeddingSpace('made', spaceFile(metadata));
    expect(() => space.embed(variant, new Float32Array(3))).toThrow('has 3 features, its projection takes 2');
  });

  test('is none where there is no file', async () => {
    await expect(loadSpace('made', '/nowhere/made.safetensors')).resolves.toBeUndefined();
  });
});

test('a projection is offset + matrix x features, to half a step of its bytes, whatever its shape', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 40 }), fc.nat(), (rows, channels, seed) => {
      const normal = normals(seed);
      const numbers = (count: number) => Float32Array.from({ length: count }, normal);
      const [matrix, offset, features] = [numbers(rows * channels), numbers(rows), numbers(channels)];
      const found = new Projection({ shape: [rows, channels], stored: matrix }, offset).apply(features);
      expect(found).toHaveLength(rows);
      const magnitudes = features.reduce((sum, each) => sum + Math.abs(each), 0);
      found.forEach((each, row) => {
        const numbersOfRow = matrix.subarray(row * channels, (row + 1) * channels);
        const step = Math.max(...numbersOfRow.map(Math.abs)) / 127;
        const plain = offset[row]! + dot(numbersOfRow, features);
        // Half a step of the row's bytes, and half a step of the features' twelve bits.
        const ofFeatures = (0.5 * 127 * channels * Math.max(...features.map(Math.abs))) / 4095;
        expect(Math.abs(each - plain)).toBeLessThanOrEqual(step * (0.5 * magnitudes + ofFeatures) + 1e-4);
      });
    }),
  );
});

test('a projection of 4,096 largest numbers and features does not overflow; one of more is refused', () => {
  const ones = (channels: number) => ({ shape: [1, channels], stored: new Float32Array(channels).fill(1) });
  const made = new Projection(ones(4096), Float32Array.of(0));
  expect(made.apply(new Float32Array(4096).fill(1))[0]).toBeCloseTo(4096, 2);
  expect(() => new Projection(ones(4097), Float32Array.of(0))).toThrow('at most 4096 features, not 4097');
});

test('a projection of nothing is its offset', () => {
  const made = new Projection({ shape: [2, 3], stored: new Float32Array(6) }, Float32Array.of(1, -2));
  expect([...made.apply(Float32Array.of(4, 5, 6))]).toEqual([1, -2]);
  expect([...made.apply(new Float32Array(3))]).toEqual([1, -2]);
});
