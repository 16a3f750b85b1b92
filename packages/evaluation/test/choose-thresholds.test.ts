import { describe, expect, test } from '@jest/globals';
import type { Label } from '@tagmill/core';
import {
  chooseBroaderRule,
  chooseThresholds,
  findThreshold,
  listPrevalences,
  ShownGuesses,
  weighGuesses,
} from '../src/choose-thresholds.ts';
import { type Guess, Judged } from '../src/judged.ts';

const guesses = (count: number, confidence: number, isRight: boolean, kinship = 0): Guess[] =>
  Array.from({ length: count }, () => ({ confidence, isRight, kinship }));

const shown = (
  { right, wrong }: { right: number; wrong: number },
  { positives, negatives, prevalence }: { positives: number; negatives: number; prevalence: number },
) => {
  const [found, wronglyFound] = [guesses(right, 1, true), guesses(wrong, 1, false)];
  const missed = [...guesses(positives - right, 0, true), ...guesses(negatives - wrong, 0, false)];
  const all = new ShownGuesses(weighGuesses([...found, ...wronglyFound, ...missed], [prevalence]));
  for (const each of [...found, ...wronglyFound]) all.add(each);
  return all.precision();
};

describe('the precision of shown tags', () => {
  test('is that of the photos themselves where a tag is as frequent among them', () => {
    const { precision } = shown({ right: 80, wrong: 20 }, { positives: 100, negatives: 900, prevalence: 0.1 });
    expect(precision).toBeCloseTo(0.8, 6);
  });

  test('falls with the share of photos that the tag is on', () => {
    // Of positives half are shown, of negatives one in a thousand: 0.5 · 0.01 to 0.001 · 0.99.
    const { precision } = shown({ right: 50, wrong: 5 }, { positives: 100, negatives: 5000, prevalence: 0.01 });
    expect(precision).toBeCloseTo(0.005 / (0.005 + 0.00099), 6);
  });

  test('counts photos of the same kind by how frequent that is', () => {
    // 1% of photos show a poodle, 5% a dog. Of 100 other dogs 10 are taken for one, of 1,000 other photos none.
    const poodles = guesses(100, 1, true);
    const dogs = [...guesses(10, 1, false), ...guesses(90, 0, false)];
    const others = guesses(1000, 0, false, 1);
    const all = new ShownGuesses(weighGuesses([...poodles, ...dogs, ...others], [0.01, 0.05]));
    for (const each of [...poodles, ...dogs.slice(0, 10)]) all.add(each);
    expect(all.precision().precision).toBeCloseTo(0.01 / (0.01 + 0.1 * 0.04), 6);
  });

  test('counts kin of which there are fewer than 30 photos as any other photo', () => {
    const some = [...guesses(100, 1, true), ...guesses(29, 0, false), ...guesses(971, 0, false, 1)];
    expect(weighGuesses(some, [0.01, 0.05])).toEqual({ positive: 0.0001, negative: [0.00099, 0.00099] });
  });

  test('has the lower end of Wilson’s interval, which few photos pull down', () => {
    // Wilson's interval of 8 of 10 is 0.490 to 0.943, of 80 of 100 0.711 to 0.867.
    expect(shown({ right: 8, wrong: 2 }, { positives: 50, negatives: 50, prevalence: 0.5 }).lower).toBeCloseTo(0.49, 3);
    expect(shown({ right: 80, wrong: 20 }, { positives: 500, negatives: 500, prevalence: 0.5 }).lower).toBeCloseTo(
      0.711,
      3,
    );
  });

  test('is nothing where nothing is shown', () => {
    expect(shown({ right: 0, wrong: 0 }, { positives: 5, negatives: 5, prevalence: 0.5 }).lower).toBe(0);
  });
});

describe('the least confidence', () => {
  const precise = { prevalences: [0.5], precision: 0.8, leastConfidence: 0.5 };

  test('is the lowest from which on enough guesses are right, with all of the same confidence', () => {
    const some = [
      ...[...guesses(200, 0.9, true), ...guesses(5, 0.9, false)],
      ...[...guesses(100, 0.5, true), ...guesses(20, 0.5, false)],
      ...[...guesses(10, 0.1, true), ...guesses(285, 0.1, false)],
    ];
    expect(findThreshold(some, precise)).toBe(0.5);
    expect(findThreshold(some, { ...precise, precision: 0.93 })).toBe(0.9);
  });

  test('is never below the least that is asked, however sure the guesses below it are', () => {
    const some = [...guesses(300, 0.2, true), ...guesses(20, 0.1, false)];
    expect(findThreshold(some, precise)).toBe(0.5);
    expect(findThreshold(some, { ...precise, leastConfidence: 0.1 })).toBe(0.2);
  });

  test('is none where the surest guesses are wrong, or right ones too few to be sure of', () => {
    expect(findThreshold([...guesses(50, 0.9, false), ...guesses(50, 0.5, true)], precise)).toBeNull();
    expect(findThreshold([...guesses(10, 0.9, true), ...guesses(10, 0.1, false)], precise)).toBeNull();
  });
});

describe('a variant’s thresholds', () => {
  const label = (index: number, name: string, ...parents: string[]): Label => ({ index, name, synonyms: [], parents });
  const labels = [label(0, 'collie', 'dog'), label(1, 'beagle', 'dog'), label(2, 'unicorn', 'horse')];
  /** Of 4,000 photos 100 show a collie, which is seen; beagles and unicorns are never there. */
  const photos = Array.from({ length: 4000 }, (_, i) => ({
    name: `${i}`,
    read: async () => new Uint8Array(),
    isOn: (name: string) => i < 100 && (name === 'collie' || name === 'dog'),
  }));
  const scores = photos.map((_, i) => Float32Array.of(i < 100 ? 0.875 : 0.0625, 0.0625, i % 10 === 0 ? 0.5 : 0));
  const judged = new Judged(labels, { photos, scores, broader: 'max' });
  const precisions = { shown: 0.8, broader: 0.8, sure: 0.95 };

  test('are each tag’s own, and none for what too few photos have', () => {
    const chosen = chooseThresholds(judged, labels, {
      prevalences: new Map([['collie', 0.01]]),
      pool: false,
      precisions,
    });
    expect(chosen).toEqual({
      collie: { shown: 0.875, sure: 0.875, prevalence: 0.01, positives: 100, negatives: 3900 },
      dog: { shown: 0.875, sure: 0.875, prevalence: 0.025, positives: 100, negatives: 3900 },
      beagle: { shown: null, sure: null, prevalence: 0, positives: 0, negatives: 4000 },
      unicorn: { shown: null, sure: null, prevalence: 0, positives: 0, negatives: 4000 },
      horse: { shown: null, sure: null, prevalence: 0, positives: 0, negatives: 4000 },
    });
  });

  test('reach the precision that is asked of their kind, and are never below a half', () => {
    // 85% of what is seen as a collie, at 40% to 50%, is one: enough for a label, not for a broader tag, and the other way round.
    const isOn = (i: number) => i < 340;
    const some = Array.from({ length: 4000 }, (_, i) => ({
      name: `${i}`,
      read: async () => new Uint8Array(),
      isOn: (name: string) => isOn(i) && (name === 'collie' || name === 'dog'),
    }));
    const guessed = some.map((_, i) => Float32Array.of(i < 400 ? 0.4375 : 0.0625, 0, 0));
    const seen = new Judged(labels, { photos: some, scores: guessed, broader: 'max' });
    const choose = (shown: number, broader: number) =>
      chooseThresholds(seen, labels, {
        prevalences: new Map(),
        pool: false,
        precisions: { shown, broader, sure: 0.95 },
      });
    expect(choose(0.8, 0.9)).toMatchObject({ collie: { shown: 0.5 }, dog: { shown: null } });
    expect(choose(0.9, 0.8)).toMatchObject({ collie: { shown: null }, dog: { shown: 0.5 } });
  });

  test('rest on shares among the photos where no prevalence is stated, of broader tags as well', () => {
    expect(listPrevalences(judged, 'collie', new Map([['collie', 0.01]]))).toEqual([0.01, 0.025]);
    expect(listPrevalences(judged, 'collie', new Map([['dog', 0.05]]))).toEqual([0.025, 0.05]);
  });

  test('are those of all such tags together where that is asked', () => {
    const few = Array.from({ length: 200 }, (_, i) => label(i, `breed ${i}`, 'dog'));
    const shown = Array.from({ length: 1000 }, (_, i) => ({
      name: `${i}`,
      read: async () => new Uint8Array(),
      isOn: (name: string) => name === 'dog' || name === `breed ${i % 200}`,
    }));
    const each = shown.map((_, i) => new Float32Array(200).fill(0.75, i % 200, (i % 200) + 1));
    const some = new Judged(few, { photos: shown, scores: each, broader: 'sum' });
    const options = { prevalences: new Map<string, number>(), pool: true, precisions };
    const chosen = chooseThresholds(some, few, options);
    expect(chosen['breed 7']).toEqual({ shown: 0.75, sure: 0.75, prevalence: 0.005, positives: 5, negatives: 995 });
    // Of broader tags there is one, which all photos have.
    expect(chosen.dog).toMatchObject({ shown: null, sure: null });
    expect(chooseThresholds(some, few, { ...options, pool: false })['breed 7']).toMatchObject({ shown: null });
  });

  test.each([
    // Two doubtful breeds are more of a dog than one that is less doubtful.
    ['sum', [0.5, 0.5, 0], [0.75, 0.125, 0]],
    // One sure breed is more of a dog than two doubtful ones.
    ['max', [0.75, 0, 0], [0.625, 0.5, 0]],
    // Of two breeds, the surer the second, the more of a dog: their sum ends at 1, and their highest is the same.
    ['noisy-or', [0.75, 0.5, 0], [0.75, 0.25, 0]],
  ] as const)('combine labels by the rule that tells best what has a broader tag: %s', (rule, dog, none) => {
    const some = Array.from({ length: 400 }, (_, i) => ({
      name: `${i}`,
      read: async () => new Uint8Array(),
      isOn: (name: string) => name === 'dog' && i % 4 === 0,
    }));
    const scores = some.map((_, i) => Float32Array.from(i % 4 === 0 ? dog : none));
    const judgedBy = (broader: 'sum' | 'max' | 'noisy-or') => new Judged(labels, { photos: some, scores, broader });
    expect(chooseBroaderRule(judgedBy, ['dog'])).toBe(rule);
  });
});
