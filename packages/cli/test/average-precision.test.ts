import { describe, expect, test } from '@jest/globals';
import { meanAveragePrecision } from '../src/evaluation/average-precision.ts';

/** Images by the score of the one class that is asked about, in the order that they come; others are of another class. */
const ranked = (...isRight: boolean[]) =>
  isRight.map((right, i) => ({ scores: Float32Array.of(1 - i / 10, 0), label: right ? 0 : 1 }));
/** That other class comes last for all: its own average precision. */
const OTHERS = (images: { label: number }[]) => {
  const others = images.filter(({ label }) => label === 1).length;
  // All scores are equal, so its images come after all of the rest.
  const rest = images.length - others;
  return Array.from({ length: others }, (_, i) => (i + 1) / (rest + i + 1)).reduce((a, b) => a + b, 0) / others;
};

describe('the mean average precision', () => {
  test('is 1 where each class’s images come first', () => {
    const images = [0, 1, 2, 1].map((label) => ({
      scores: Float32Array.of(0.1, 0.1, 0.1).fill(0.9, label, label + 1),
      label,
    }));
    expect(meanAveragePrecision(images)).toBe(1);
  });

  test.each([
    ['first and third of three', [true, false, true], (1 / 1 + 2 / 3) / 2],
    ['last of four', [false, false, false, true], 1 / 4],
    ['second and third of four', [false, true, true, false], (1 / 2 + 2 / 3) / 2],
  ])('averages the precision at each right image: %s', (_, isRight, expected) => {
    const images = ranked(...isRight);
    expect(meanAveragePrecision(images)).toBeCloseTo((expected + OTHERS(images)) / 2, 6);
  });

  test('leaves out classes that no image has', () => {
    expect(meanAveragePrecision([{ scores: Float32Array.of(0.5, 0.9, 0.9), label: 0 }])).toBe(1);
  });
});
