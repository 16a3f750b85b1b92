import type { Guess } from './judged.ts';

/** Beside guesses on other people's photos, so many of the development photos' count. */
const DEVELOPMENT_GUESSES = 5;

/** How often guesses are right. */
export interface PrecisionGoal {
  /** The share of guesses from a confidence on that are right on development photos. */
  development: (confidence: number) => number;
  /** The share that has to be right on other people's photos. */
  elsewhere: number;
}

/**
 * Raises a threshold until enough of a tag's guesses on other people's photos are right, too. Few guesses tell little. So five more
 * count beside them, of which as many are right as on development photos from the same confidence on.
 *
 * @param guesses on other people's photos, as frequent as tags are there.
 * @returns null if not even the surest guesses are right often enough.
 */
export function raiseThreshold(
  threshold: number,
  guesses: readonly Guess[],
  { development, elsewhere }: PrecisionGoal,
): number | null {
  const shown = guesses
    .filter(({ confidence }) => confidence >= threshold)
    .toSorted((a, b) => a.confidence - b.confidence);
  let right = shown.filter(({ isRight }) => isRight).length;
  let all = shown.length;
  const isEnough = (from: number) =>
    right + DEVELOPMENT_GUESSES * development(from) >= elsewhere * (all + DEVELOPMENT_GUESSES);
  if (isEnough(threshold)) return threshold;
  for (const [i, { confidence, isRight }] of shown.entries()) {
    right -= Number(isRight);
    all--;
    const next = shown[i + 1]?.confidence;
    // Of equal ones, either all are shown or none. And what nobody has seen right isn't shown.
    if (next === undefined) return null;
    if (next > confidence && isEnough(next)) {
      // Down, so that what was measured is shown, but not so far that what was left out is.
      const rounded = Math.floor(next * 1e4) / 1e4;
      return rounded > confidence ? rounded : next;
    }
  }
  return null;
}
