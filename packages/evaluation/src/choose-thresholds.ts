import { BROADER_RULES, type BroaderRule, type Label } from '@tagmill/core';
import type { ThresholdsFile } from '@tagmill/variants';
import type { Guess, Judged } from './judged.ts';

/** So many of the tags that are shown are right. */
export const PRECISIONS = { shown: 0.8, sure: 0.95 } as const;

/** Nothing is shown that is less likely than not: how common a tag is stated to be is a guess, too. */
export const LEAST_CONFIDENCE = 0.5;

/** From fewer photos with a tag, or without it, nothing is concluded. */
export const LEAST_PHOTOS = { positives: 30, negatives: 3000 } as const;

/** Of the normal distribution: 95% lie within so many standard deviations. */
const Z = 1.96;

/** How many of shown tags would be right. */
export interface Precision {
  /** Where so many photos have the tag as people's photos do, a fraction. */
  precision: number;
  /** The lower end of Wilson's interval about that, 95%. */
  lower: number;
}

/**
 * How many of shown tags would be right, were a tag as frequent among the photos as it is stated to be: those that have it weigh
 * prevalence / positives each, the others (1 - prevalence) / negatives. Wilson 1927, with Kish's effective number of weighted
 * samples, (sum of weights)² / (sum of squared weights) of what is shown.
 *
 * @param shown numbers of photos on which the tag is shown, and of all that were looked at.
 */
export function precisionAt(
  shown: { right: number; wrong: number },
  { positives, negatives, prevalence }: { positives: number; negatives: number; prevalence: number },
): Precision {
  const [hit, miss] = [prevalence / positives, (1 - prevalence) / negatives];
  const total = shown.right * hit + shown.wrong * miss;
  if (total === 0) return { precision: Number.NaN, lower: 0 };
  const precision = (shown.right * hit) / total;
  const samples = total ** 2 / (shown.right * hit ** 2 + shown.wrong * miss ** 2);
  const spread = Z * Math.sqrt((precision * (1 - precision)) / samples + (Z / (2 * samples)) ** 2);
  return { precision, lower: (precision + Z ** 2 / (2 * samples) - spread) / (1 + Z ** 2 / samples) };
}

/**
 * The least confidence from which on enough of a tag's guesses are right.
 *
 * @param precision that the lower end of the interval must reach.
 * @returns {@link LEAST_CONFIDENCE} or more; null if the surest guesses aren't right often enough.
 */
export function leastConfidence(
  guesses: readonly Guess[],
  { prevalence, precision }: { prevalence: number; precision: number },
): number | null {
  const positives = guesses.filter(({ isRight }) => isRight).length;
  const all = { positives, negatives: guesses.length - positives, prevalence };
  const ranked = guesses.toSorted((a, b) => b.confidence - a.confidence);
  const shown = { right: 0, wrong: 0 };
  let least: number | null = null;
  ranked.forEach(({ confidence, isRight }, i) => {
    shown[isRight ? 'right' : 'wrong']++;
    // Of equal ones, either all are shown or none.
    if (ranked[i + 1]?.confidence === confidence) return;
    if (precisionAt(shown, all).lower >= precision) least = confidence;
  });
  // Down, so that what was measured is shown.
  return least === null ? null : Math.max(LEAST_CONFIDENCE, Math.floor(least * 1e4) / 1e4);
}

export interface ChooseOptions {
  /** Of tags, where they are stated; else the share among the photos. */
  prevalences: ReadonlyMap<string, number>;
  /** Tags of too few photos get the thresholds that are right for all such tags together, and not none. */
  pool: boolean;
}

/** A variant's thresholds, for each label and broader tag. */
export function chooseThresholds(
  judged: Judged,
  labels: readonly Label[],
  options: ChooseOptions,
): ThresholdsFile['tags'] {
  const broader = new Set(labels.flatMap(({ parents }) => parents));
  const found = new Map(
    judged.names.map((name) => {
      const guesses = judged.guesses(name);
      const positives = guesses.filter(({ isRight }) => isRight).length;
      const counts = { positives, negatives: guesses.length - positives };
      const share = guesses.length === 0 ? 0 : positives / guesses.length;
      return [name, { guesses, ...counts, prevalence: options.prevalences.get(name) ?? share }] as const;
    }),
  );
  const isFew = ({ positives, negatives }: { positives: number; negatives: number }) =>
    positives < LEAST_PHOTOS.positives || negatives < LEAST_PHOTOS.negatives;
  const pooled = (isBroader: boolean) => {
    const some = [...found].filter(([name, each]) => broader.has(name) === isBroader && isFew(each));
    const guesses = options.pool ? some.flatMap(([, each]) => each.guesses) : [];
    const positives = guesses.filter(({ isRight }) => isRight).length;
    const isEnough = !isFew({ positives, negatives: guesses.length - positives });
    return chooseForTag(isEnough ? guesses : [], positives / guesses.length);
  };
  const [ofLabels, ofBroader] = [pooled(false), pooled(true)];
  return Object.fromEntries(
    [...found].map(([name, { guesses, ...each }]) => {
      const own = isFew(each) ? (broader.has(name) ? ofBroader : ofLabels) : chooseForTag(guesses, each.prevalence);
      return [name, { ...own, ...each, prevalence: Number(each.prevalence.toPrecision(3)) }];
    }),
  );
}

function chooseForTag(guesses: readonly Guess[], prevalence: number) {
  const [shown, sure] = [PRECISIONS.shown, PRECISIONS.sure].map((precision) =>
    leastConfidence(guesses, { prevalence, precision }),
  );
  return { shown: shown!, sure: sure! };
}

/** The rule by which broader tags' confidences are closest to the truth: the least mean squared error (Brier 1950). */
export function chooseBroaderRule(judgedBy: (rule: BroaderRule) => Judged, broader: readonly string[]): BroaderRule {
  const errorOf = (rule: BroaderRule) => {
    const judged = judgedBy(rule);
    const guesses = broader.flatMap((name) => judged.guesses(name));
    const sum = guesses.reduce((total, { confidence, isRight }) => total + (confidence - Number(isRight)) ** 2, 0);
    return sum / guesses.length;
  };
  const errors = BROADER_RULES.map((rule) => ({ rule, error: errorOf(rule) }));
  return errors.reduce((best, each) => (each.error < best.error ? each : best)).rule;
}
