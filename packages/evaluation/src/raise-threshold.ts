import type { Guess } from './judged.ts';

/** Beside guesses on other people's photos, so many of the development photos' count, as right as was asked of them. */
const DEVELOPMENT_GUESSES = 10;

/** Shares of shown guesses that have to be right. */
export interface AskedPrecisions {
  /** On development photos. */
  development: number;
  /** On other people's photos. */
  elsewhere: number;
}

/**
 * Raises a threshold until enough of a tag's guesses on other people's photos are right, too. Few guesses tell little. So ten more
 * count beside them, of which as many are right as was asked of the development photos.
 *
 * @param guesses on other people's photos, as frequent as tags are there.
 * @returns null if not even the surest guesses are right often enough.
 */
export function raiseThreshold(
  threshold: number,
  guesses: readonly Guess[],
  { development, elsewhere }: AskedPrecisions,
): number | null {
  const shown = guesses
    .filter(({ confidence }) => confidence >= threshold)
    .toSorted((a, b) => a.confidence - b.confidence);
  let right = shown.filter(({ isRight }) => isRight).length + DEVELOPMENT_GUESSES * development;
  let all = shown.length + DEVELOPMENT_GUESSES;
  if (right >= elsewhere * all) return threshold;
  for (const [i, { confidence, isRight }] of shown.entries()) {
    right -= Number(isRight);
    all--;
    const next = shown[i + 1]?.confidence;
    // Of equal ones, either all are shown or none. And what nobody has seen right isn't shown.
    if (next === undefined) return null;
    if (next > confidence && right >= elsewhere * all) {
      // Down, so that what was measured is shown, but not so far that what was left out is.
      const rounded = Math.floor(next * 1e4) / 1e4;
      return rounded > confidence ? rounded : next;
    }
  }
  return null;
}
