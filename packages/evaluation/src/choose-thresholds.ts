import { BROADER_RULES, type BroaderRule, type Label } from '@tagmill/core';
import type { ThresholdsFile } from '@tagmill/variants';
import { averagePrecision } from './average-precision.ts';
import type { Guess, Judged } from './judged.ts';
import { raiseThreshold } from './raise-threshold.ts';

/** So many of the tags that are shown have to be right, fractions. */
export interface Precisions {
  /** Of labels that are shown by default. */
  shown: number;
  /** Of broader tags that no label is called: on other people's photos they meet kinds that nobody trained. */
  broader: number;
  /** Of tags that `--min-confidence sure` shows. */
  sure: number;
}

/** How common a tag is stated to be is a guess, too, so nothing is shown that is less likely than not. */
export const LEAST_CONFIDENCE = 0.5;

/** What thresholds promise, and what they have to keep on other people's photos. */
export const PROMISED_PRECISIONS: Precisions = { shown: 0.8, broader: 0.8, sure: 0.95 };

/** From fewer photos with a tag, or without it, nothing is concluded. */
export const LEAST_PHOTOS = { positives: 30, negatives: 3000 } as const;

/** Of the normal distribution: 95% lie within so many standard deviations. */
const Z = 1.96;

/** Of fewer photos no share is taken: they count among those that are less like the tag's. */
const LEAST_KIN = 30;

/** How much each guess about a tag counts, so that photos are mixed as people's are: by {@link weighGuesses}. */
export interface Weights {
  positive: number;
  /** By kinship. */
  negative: readonly number[];
}

/**
 * Weighs guesses so that the tag, and each broader tag above it, is as frequent as it is stated to be. What else shows a dog is easily
 * taken for a poodle; what shows no animal at all hardly is. So a photo of a dog that is no poodle counts for all such photos:
 * (prevalence of dog - prevalence of poodle) / such photos.
 *
 * @param prevalences of the tag and of what stands above it, nearest first: fractions. Without those above, kinship doesn't count.
 */
export function weighGuesses(guesses: readonly Guess[], prevalences: readonly number[]): Weights {
  const positives = guesses.filter(({ isRight }) => isRight).length;
  const last = prevalences.length - 1;
  const counts = new Array<number>(prevalences.length).fill(0);
  for (const { isRight, kinship } of guesses) if (!isRight) counts[Math.min(kinship, last)]!++;
  // A broader tag is at least as frequent as what is below it.
  let below = prevalences[0]!;
  const shares = counts.map((_, k) => {
    const upTo = k === last ? 1 : Math.max(below, prevalences[k + 1]!);
    const share = upTo - below;
    below = upTo;
    return share;
  });
  const negative = counts.map(() => 0);
  let [share, count, from] = [0, 0, 0];
  counts.forEach((own, k) => {
    share += shares[k]!;
    count += own;
    if (count < LEAST_KIN && k < last) return;
    negative.fill(count === 0 ? 0 : share / count, from, k + 1);
    [share, count, from] = [0, 0, k + 1];
  });
  return { positive: positives === 0 ? 0 : prevalences[0]! / positives, negative };
}

/** How many of shown tags would be right. */
export interface Precision {
  /** Where photos are mixed as people's are, a fraction; NaN where nothing is shown. */
  precision: number;
  /** The lower end of Wilson's interval about that, 95%. */
  lower: number;
}

/**
 * Shown tags, one by one, and how many of them would be right among people's photos. Wilson 1927, with Kish's effective number of
 * weighted samples, (sum of weights)² / (sum of squared weights) of what is shown.
 */
export class ShownGuesses {
  readonly #weights: Weights;
  #right = 0;
  #total = 0;
  #squares = 0;

  constructor(weights: Weights) {
    this.#weights = weights;
  }

  add({ isRight, kinship }: Guess): void {
    const { positive, negative } = this.#weights;
    const weight = isRight ? positive : negative[Math.min(kinship, negative.length - 1)]!;
    if (isRight) this.#right += weight;
    this.#total += weight;
    this.#squares += weight ** 2;
  }

  precision(): Precision {
    if (this.#total === 0) return { precision: Number.NaN, lower: 0 };
    const precision = this.#right / this.#total;
    const samples = this.#total ** 2 / this.#squares;
    const spread = Z * Math.sqrt((precision * (1 - precision)) / samples + (Z / (2 * samples)) ** 2);
    return { precision, lower: (precision + Z ** 2 / (2 * samples) - spread) / (1 + Z ** 2 / samples) };
  }
}

/** What a threshold has to hold. */
export interface Goal {
  /** Of the tag, as {@link weighGuesses} takes them. */
  prevalences: readonly number[];
  /** That the lower end of the interval must reach. */
  precision: number;
  /** No threshold is below it. */
  leastConfidence: number;
}

/**
 * The least confidence from which on enough of a tag's guesses are right.
 *
 * @returns null if the surest guesses aren't right often enough.
 */
export function findThreshold(
  guesses: readonly Guess[],
  { prevalences, precision, leastConfidence }: Goal,
): number | null {
  const ranked = guesses.toSorted((a, b) => b.confidence - a.confidence);
  const shown = new ShownGuesses(weighGuesses(guesses, prevalences));
  let least: number | null = null;
  ranked.forEach((guess, i) => {
    shown.add(guess);
    // Of equal ones, either all are shown or none.
    if (ranked[i + 1]?.confidence === guess.confidence) return;
    if (shown.precision().lower >= precision) least = guess.confidence;
  });
  // Down, so that what was measured is shown.
  return least === null ? null : Math.max(leastConfidence, Math.floor(least * 1e4) / 1e4);
}

/** The precision of a tag's guesses from a confidence on, where photos are mixed as people's are; 0 of no guesses. */
function measurePrecision(guesses: readonly Guess[], prevalences: readonly number[]): (confidence: number) => number {
  const weights = weighGuesses(guesses, prevalences);
  return (least) => {
    const shown = new ShownGuesses(weights);
    for (const guess of guesses) if (guess.confidence >= least) shown.add(guess);
    return shown.precision().precision || 0;
  };
}

export interface ChooseOptions {
  /** Of tags, where they are stated; else the share among the photos. */
  prevalences: ReadonlyMap<string, number>;
  /** Tags of too few photos get the thresholds that are right for all such tags together, and not none. */
  pool: boolean;
  precisions: Precisions;
  /** Guesses on other people's photos, which raise thresholds that don't keep what they promise. */
  elsewhere?: Judged;
}

/** A variant's thresholds, for each label and broader tag. */
export function chooseThresholds(
  judged: Judged,
  labels: readonly Label[],
  options: ChooseOptions,
): ThresholdsFile['tags'] {
  const names = new Set(labels.filter(({ isBroader }) => !isBroader).map(({ name }) => name));
  const broader = new Set(labels.flatMap(({ parents }) => parents));
  const found = new Map(
    judged.names.map((name) => {
      const guesses = judged.guesses(name);
      const positives = guesses.filter(({ isRight }) => isRight).length;
      const counts = { positives, negatives: guesses.length - positives };
      return [name, { guesses, ...counts, prevalences: listPrevalences(judged, name, options.prevalences) }] as const;
    }),
  );
  const isFew = ({ positives, negatives }: { positives: number; negatives: number }) =>
    positives < LEAST_PHOTOS.positives || negatives < LEAST_PHOTOS.negatives;
  const asked = options.precisions;
  const choose = (guesses: readonly Guess[], prevalences: readonly number[], isBroader: boolean) => {
    const find = (precision: number) =>
      findThreshold(guesses, { prevalences, precision, leastConfidence: LEAST_CONFIDENCE });
    return { shown: find(isBroader ? asked.broader : asked.shown), sure: find(asked.sure) };
  };
  const raise = (threshold: number | null, name: string, kind: keyof Precisions) => {
    if (threshold === null || !options.elsewhere) return threshold;
    const { guesses, prevalences } = found.get(name)!;
    const goal = { development: measurePrecision(guesses, prevalences), elsewhere: PROMISED_PRECISIONS[kind] };
    return raiseThreshold(threshold, options.elsewhere.guesses(name), goal);
  };
  const pooled = (isBroader: boolean) => {
    const some = [...found].filter(([name, each]) => broader.has(name) === isBroader && isFew(each));
    const guesses = options.pool ? some.flatMap(([, each]) => each.guesses) : [];
    const positives = guesses.filter(({ isRight }) => isRight).length;
    const isEnough = !isFew({ positives, negatives: guesses.length - positives });
    return choose(isEnough ? guesses : [], [positives / guesses.length], isBroader);
  };
  const [ofLabels, ofBroader] = [pooled(false), pooled(true)];
  return Object.fromEntries(
    [...found].map(([name, { guesses, prevalences, ...counts }]) => {
      const own = isFew(counts)
        ? broader.has(name)
          ? ofBroader
          : ofLabels
        : choose(guesses, prevalences, !names.has(name));
      const shown = raise(own.shown, name, names.has(name) ? 'shown' : 'broader');
      const sure = raise(own.sure, name, 'sure');
      return [name, { shown, sure, ...counts, prevalence: Number(prevalences[0]!.toPrecision(3)) }];
    }),
  );
}

/**
 * How frequent a tag and what stands above it are taken to be, nearest first, as {@link weighGuesses} takes it: as it is stated, else
 * their shares among the photos.
 */
export function listPrevalences(judged: Judged, name: string, stated: ReadonlyMap<string, number>): number[] {
  return [name, ...judged.above.get(name)!].map((each) => stated.get(each) ?? judged.share(each));
}

/**
 * The rule that best tells which photos have a broader tag: by the highest mean average precision. How far confidences are from the
 * truth wouldn't do: a sum of independent labels ends at 1 for many photos alike, and no threshold parts these.
 */
export function chooseBroaderRule(judgedBy: (rule: BroaderRule) => Judged, broader: readonly string[]): BroaderRule {
  const meanOf = (rule: BroaderRule) => {
    const judged = judgedBy(rule);
    const precisions = broader.map((name) => averagePrecision(judged.guesses(name)) ?? 0);
    return precisions.reduce((sum, each) => sum + each, 0) / precisions.length;
  };
  const means = BROADER_RULES.map((rule) => ({ rule, mean: meanOf(rule) }));
  return means.reduce((best, each) => (each.mean > best.mean ? each : best)).rule;
}
