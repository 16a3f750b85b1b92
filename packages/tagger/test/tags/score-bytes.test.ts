import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bytesToScores, scoresToBytes } from '../../src/index.ts';

const score = fc.float({ min: 0, max: 1, noNaN: true });
const roundTrip = (...scores: number[]) => bytesToScores(scoresToBytes(Float32Array.from(scores)));

describe('a score kept as a byte', () => {
  test('comes back within a third of a percent, and in the same order', () => {
    fc.assert(
      fc.property(score, score, (a, b) => {
        const [low, high] = roundTrip(Math.min(a, b), Math.max(a, b)) as unknown as [number, number];
        expect(Math.abs(low - Math.min(a, b))).toBeLessThanOrEqual(0.0031);
        expect(low).toBeLessThanOrEqual(high);
      }),
    );
  });

  test('loses nothing more when it is kept again', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect(scoresToBytes(bytesToScores(bytes))).toEqual(bytes);
  });

  test('tells small scores apart, so that a broader tag is the sum of many', () => {
    const scores = Float32Array.from({ length: 200 }, (_, i) => 0.002 + 0.00001 * i);
    const sum = (values: Float32Array) => values.reduce((a, b) => a + b, 0);
    expect(Math.abs(sum(roundTrip(...scores)) - sum(scores))).toBeLessThan(0.01);
  });

  test('is 0 for nothing and 255 for certainty, rounding errors of a softmax included', () => {
    expect([...scoresToBytes(Float32Array.of(0, 1, 1.0000001))]).toEqual([0, 255, 255]);
  });
});
