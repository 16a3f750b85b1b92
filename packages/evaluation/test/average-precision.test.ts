import { describe, expect, test } from '@jest/globals';
import { averagePrecision } from '../src/average-precision.ts';

/** In the order that they come. */
const ranked = (...isRight: boolean[]) => isRight.map((right, i) => ({ confidence: 1 - i / 10, isRight: right }));

describe('the average precision', () => {
  test.each([
    ['right ones first', [true, true, false], 1],
    ['first and third of three', [true, false, true], (1 / 1 + 2 / 3) / 2],
    ['last of four', [false, false, false, true], 1 / 4],
    ['second and third of four', [false, true, true, false], (1 / 2 + 2 / 3) / 2],
  ])('averages the precision at each right guess: %s', (_, isRight, expected) => {
    expect(averagePrecision(ranked(...isRight))).toBeCloseTo(expected, 6);
  });

  test('takes the wrong ones of equal confidence first', () => {
    const guesses = [true, false].map((isRight) => ({ confidence: 0.5, isRight }));
    expect(averagePrecision(guesses)).toBe(0.5);
  });

  test('is none where no photo has the tag', () => {
    expect(averagePrecision(ranked(false, false))).toBeUndefined();
  });
});
