import type { Scored } from './average-precision.ts';

/** Of tags that are called sure, at least this share is right. */
export const SURE_PRECISION = 0.8;

/** Less sure tags are never sought: almost all of a network's scores lie below. */
const LEAST_CONFIDENCE = 0.02;

export interface SureTags {
  /** The share of them that is right; none where there are none. */
  precision?: number;
  /** Tags an image has on average. */
  perImage: number;
  /** The share of images that have any. */
  coverage: number;
}

/**
 * The least confidence from which on enough tags are right. It is chosen on images that a network was neither trained nor
 * judged on. A tag that is right of something in the picture but isn't its label counts as wrong.
 *
 * @param images with scores as they are kept, in steps of more than what is rounded off: see the tagger's `scoresToBytes`.
 * @returns a fraction, rounded down to four decimals; undefined if the surest tags aren't right often enough.
 *
 * @example
 * sureFrom([{ scores: Float32Array.of(0.75, 0.3), label: 0 }]) // 0.75
 */
export function sureFrom(images: readonly Scored[]): number | undefined {
  const tags = images
    .flatMap(({ scores, label }) => [...scores].map((confidence, i) => ({ confidence, isRight: i === label })))
    .filter(({ confidence }) => confidence >= LEAST_CONFIDENCE)
    .sort((a, b) => b.confidence - a.confidence || Number(a.isRight) - Number(b.isRight));
  let right = 0;
  let least: number | undefined;
  tags.forEach(({ confidence, isRight }, i) => {
    if (isRight) right++;
    if (right >= SURE_PRECISION * (i + 1)) least = confidence;
  });
  return least === undefined ? undefined : Math.floor(least * 1e4) / 1e4;
}

/** What tags are worth from a confidence on. */
export function tagsFrom(images: readonly Scored[], least: number): SureTags {
  const found = images.map(({ scores, label }) => ({
    tags: scores.filter((score) => score >= least).length,
    isRight: scores[label]! >= least,
  }));
  const tags = found.reduce((sum, image) => sum + image.tags, 0);
  const right = found.filter(({ isRight }) => isRight).length;
  return {
    ...(tags > 0 && { precision: right / tags }),
    perImage: tags / images.length,
    coverage: found.filter((image) => image.tags > 0).length / images.length,
  };
}
