import type { Guess } from './judged.ts';

/**
 * Average precision: how purely the photos that have a tag come first when all are sorted by its confidence. Everingham et al., "The
 * PASCAL Visual Object Classes Challenge" (2010), section 4.2, without the interpolation; of equal confidences the wrong ones
 * come first.
 *
 * It says whether one threshold for all photos can part a tag from the others, which top-1 can't say of independent scores.
 *
 * @returns a fraction; undefined if no photo has the tag.
 *
 * @example
 * averagePrecision([{ confidence: 0.9, isRight: true }, { confidence: 0.1, isRight: false }]) // 1
 */
export function averagePrecision(guesses: readonly Pick<Guess, 'confidence' | 'isRight'>[]): number | undefined {
  const ranked = guesses.toSorted((a, b) => b.confidence - a.confidence || Number(a.isRight) - Number(b.isRight));
  let found = 0;
  let sum = 0;
  ranked.forEach(({ isRight }, i) => {
    if (isRight) sum += ++found / (i + 1);
  });
  return found === 0 ? undefined : sum / found;
}
