import { describe, expect, test } from '@jest/globals';
import { calibrationError } from '../src/calibration-error.ts';

const guesses = (confidence: number, right: number, wrong: number) => [
  ...Array.from({ length: right }, () => ({ confidence, isRight: true })),
  ...Array.from({ length: wrong }, () => ({ confidence, isRight: false })),
];

describe('the calibration error', () => {
  test.each([
    ['is none where 8 of 10 guesses at 80% are right', guesses(0.8, 8, 2), 0],
    ['is how far confidence is from the truth', guesses(0.9, 5, 5), 0.4],
    ['counts too little confidence like too much', guesses(0.3, 8, 2), 0.5],
    ['weighs each bin by its guesses', [...guesses(0.9, 9, 1), ...guesses(0.1, 10, 0)], 0.45],
    ['takes full confidence into the last bin', guesses(1, 1, 1), 0.5],
  ])('%s', (_, given, expected) => {
    expect(calibrationError(given)).toBeCloseTo(expected);
  });
});
