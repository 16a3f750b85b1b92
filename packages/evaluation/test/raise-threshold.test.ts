import { describe, expect, test } from '@jest/globals';
import type { Guess } from '../src/judged.ts';
import { raiseThreshold } from '../src/raise-threshold.ts';

const guesses = (count: number, confidence: number, isRight: boolean): Guess[] =>
  Array.from({ length: count }, () => ({ confidence, isRight, kinship: 0 }));
const asked = { development: 0.9, elsewhere: 0.8 };

describe('a threshold on other people’s photos', () => {
  test('stays where enough guesses are right, and where there are none', () => {
    expect(raiseThreshold(0.5, [...guesses(8, 0.6, true), ...guesses(2, 0.6, false)], asked)).toBe(0.5);
    expect(raiseThreshold(0.5, [], asked)).toBe(0.5);
    expect(raiseThreshold(0.5, guesses(50, 0.4, false), asked)).toBe(0.5);
  });

  test('bears one wrong guess, as ten right ones in eleven are enough, but not two', () => {
    // 9 of 10 come from the development photos: 9 of 11 are enough, 9 of 12 aren't.
    expect(raiseThreshold(0.5, guesses(1, 0.6, false), asked)).toBe(0.5);
    expect(raiseThreshold(0.5, guesses(2, 0.6, false), asked)).toBeNull();
  });

  test('rises to the first guess from which on enough are right', () => {
    const some = [...guesses(30, 0.55, false), ...guesses(10, 0.6, false), ...guesses(40, 0.75, true)];
    expect(raiseThreshold(0.5, some, asked)).toBe(0.6);
    expect(raiseThreshold(0.5, [...some, ...guesses(1, 0.75, false)], asked)).toBe(0.6);
    expect(raiseThreshold(0.5, [...some, ...guesses(2, 0.75, false)], asked)).toBe(0.75);
  });

  test('shows none of what was left out when it is rounded', () => {
    const some = [...guesses(40, 0.60001, false), ...guesses(40, 0.60002, true)];
    expect(raiseThreshold(0.5, some, asked)).toBe(0.60002);
  });
});
