import { type FitHead, type Head, type Negatives, scoreOf, standardize } from './head.ts';

/** A photo that a person gives, as it is learned from and as it will be met. */
export interface Example {
  /** The mean over several views of it, of length 1. */
  averaged: Float32Array;
  /** What tagging sees of it: its centre alone. */
  centre: Float32Array;
}

/** What teaching starts from. */
export interface Material {
  examples: readonly Example[];
  not: readonly Example[];
  background: readonly Float32Array[];
}

/** Scores of photos by heads that never saw them. */
export interface LeftOutScores {
  examples: number[];
  not: number[];
  background: Float32Array;
}

/** So many heads are fitted at most, each without a share of the photos. */
const MOST_FOLDS = 10;

/**
 * Fits heads that each leave a share of the photos out: leave-one-out for up to ten examples, ten folds for more. Photo i is left out by
 * head i modulo the number of heads.
 */
export function fitLeavingOut(fit: FitHead, { examples, not, background }: Material): Head[] {
  const folds = Math.min(MOST_FOLDS, examples.length);
  return Array.from({ length: folds }, (_, fold) => {
    const isIn = (_: unknown, i: number) => i % folds !== fold;
    return fitTo(fit, { examples: examples.filter(isIn), not: not.filter(isIn), background });
  });
}

/** Scores each photo by the head that left it out, as tagging sees it. */
export function scoreLeftOut(heads: readonly Head[], { examples, not, background }: Material): LeftOutScores {
  const score = (embedding: Float32Array, i: number) => scoreOf(heads[i % heads.length]!, embedding);
  return {
    examples: examples.map(({ centre }, i) => score(centre, i)),
    not: not.map(({ centre }, i) => score(centre, i)),
    background: Float32Array.from(background, score),
  };
}

/** A head of all examples, with its scores in units of the background's spread. */
export function fitTo(fit: FitHead, { examples, not, background }: Material): Head {
  const negatives: Negatives = { background, not: not.map(({ averaged }) => averaged) };
  return standardize(
    fit(
      examples.map(({ averaged }) => averaged),
      negatives,
    ),
    background,
  );
}
