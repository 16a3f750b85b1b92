import { describe, expect, test } from '@jest/globals';
import type { Guess } from '../src/judged.ts';
import { raiseThreshold } from '../src/raise-threshold.ts';

const guesses = (count: number, confidence: number, isRight: boolean): Guess[] =>
  Array.from({ length: count }, () => ({ confidence, isRight, kinship: 0 }));
const asked = { development: () => 0.9, elsewhere: 0.8 };

describe('a threshold on other people’s photos', () => {
  test('stays where enough guesses are right, and where there are none', () => {
    expect(raiseThreshold(0.5, [...guesses(8, 0.6, true), ...guesses(2, 0.6, false)], asked)).toBe(0.5);
    expect(raiseThreshold(0.5, [], asked)).toBe(0.5);
    expect(raiseThreshold(0.5, guesses(50, 0.4, false), asked)).toBe(0.5);
  });

  test('bears one wrong guess where all are right on development photos, but not two', () => {
    // Five right ones come from these: 5 of 6 are enough, 5 of 7 aren't.
    const right = { ...asked, development: () => 1 };
    expect(raiseThreshold(0.5, guesses(1, 0.6, false), right)).toBe(0.5);
    expect(raiseThreshold(0.5, guesses(2, 0.6, false), right)).toBeNull();
    expect(raiseThreshold(0.5, guesses(1, 0.6, false), asked)).toBeNull();
  });

  test('rises to the first guess from which on enough are right', () => {
    const some = [...guesses(30, 0.55, false), ...guesses(10, 0.6, false), ...guesses(40, 0.75, true)];
    expect(raiseThreshold(0.5, some, asked)).toBe(0.6);
    expect(raiseThreshold(0.5, [...some, ...guesses(1, 0.75, false)], asked)).toBe(0.75);
  });

  test('bears more where development photos say more for it', () => {
    const surer = { development: (confidence: number) => (confidence > 0.6 ? 1 : 0.8), elsewhere: 0.8 };
    const some = [...guesses(1, 0.55, false), ...guesses(1, 0.7, false)];
    expect(raiseThreshold(0.5, some, surer)).toBe(0.7);
    expect(raiseThreshold(0.5, some, { ...surer, development: () => 0.8 })).toBeNull();
  });

  test('shows none of what was left out when it is rounded', () => {
    const some = [...guesses(40, 0.60001, false), ...guesses(40, 0.60002, true)];
    expect(raiseThreshold(0.5, some, asked)).toBe(0.60002);
  });
});
