import type { Guess } from './judged.ts';

const BINS = 15;

/**
 * Expected calibration error: how far, on average, a confidence is from the share of guesses with it that are right. Guo et
 * al., "On Calibration of Modern Neural Networks" (2017), equation 3, with 15 bins of equal width.
 *
 * @param guesses confidences 0 to 1.
 * @returns a fraction; 0 of none.
 *
 * @example
 * calibrationError([{ confidence: 0.9, isRight: true }, { confidence: 0.9, isRight: false }]) // 0.4
 */
export function calibrationError(guesses: readonly Pick<Guess, 'confidence' | 'isRight'>[]): number {
  const bins = Map.groupBy(guesses, ({ confidence }) => Math.min(Math.floor(confidence * BINS), BINS - 1));
  const gaps = [...bins.values()].map((bin) => {
    const confident = bin.reduce((sum, { confidence }) => sum + confidence, 0);
    const right = bin.filter(({ isRight }) => isRight).length;
    return Math.abs(confident - right);
  });
  return gaps.reduce((sum, gap) => sum + gap, 0) / Math.max(guesses.length, 1);
}
