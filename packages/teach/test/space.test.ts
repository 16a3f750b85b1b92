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
    expect([...space.embed(variant, Float32Array.of(2, 3))]).toEqual([0.6, 0.8].map(Math.fround));
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

test('a projection is offset + matrix x features, whatever its shape', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 40 }), fc.nat(), (rows, channels, seed) => {
      const normal = normals(seed);
      const numbers = (count: number) => Float32Array.from({ length: count }, normal);
      const [matrix, offset, features] = [numbers(rows * channels), numbers(rows), numbers(channels)];
      const found = new Projection({ shape: [rows, channels], stored: matrix }, offset).apply(features);
      expect(found).toHaveLength(rows);
      found.forEach((each, row) => {
        const plain = offset[row]! + dot(matrix.subarray(row * channels, (row + 1) * channels), features);
        expect(each).toBeCloseTo(plain, 4);
      });
    }),
  );
});
