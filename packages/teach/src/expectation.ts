import type { LeftOutScores } from './left-out.ts';

/** What a threshold is expected to do, by photos that were left out. */
export interface Expectation {
  /** Of the photos that get the tag, so many have it. */
  precision: number;
  /** Of the photos that have it, so many get it. */
  recall: number;
}

/** A threshold of a head's scores. */
export interface ScoreThreshold extends Expectation {
  score: number;
}

export interface Prevalence {
  /** The share of photos that the tag is taken to be on. */
  prevalence: number;
}

export interface ThresholdOptions extends Prevalence {
  /** No threshold is lower; the background's mean if absent. */
  least?: number;
}

/** Thresholds are looked for up to so many of the background's deviations above its mean. */
const MOST_DEVIATIONS = 30;
const STEP = 0.02;

/** A bandwidth for few values: Silverman 1986, equation 3.28; at least this much, for examples that are nearly alike. */
const SILVERMAN = 1.06;
const LEAST_BANDWIDTH = 0.15;

/**
 * The lowest threshold from which a precision is expected, whatever its recall.
 *
 * @returns undefined if no threshold reaches it.
 */
export function thresholdFor(
  precision: number,
  scores: LeftOutScores,
  options: ThresholdOptions,
): ScoreThreshold | undefined {
  for (const found of thresholds(scores, options)) if (found.precision >= precision) return found;
  return undefined;
}

/** The threshold of the highest precision among those that find a share of the photos at least. */
export function mostPreciseThreshold(
  leastRecall: number,
  scores: LeftOutScores,
  options: ThresholdOptions,
): ScoreThreshold | undefined {
  const found = [...thresholds(scores, options)].filter(({ recall }) => recall >= leastRecall);
  return found.sort((a, b) => b.precision - a.precision)[0];
}

/** What each threshold is expected to do, the lowest first. */
function* thresholds(scores: LeftOutScores, { prevalence, least = 0 }: ThresholdOptions): Generator<ScoreThreshold> {
  const background = scores.background.toSorted();
  const shareOfNot = scores.not.length > 0 ? prevalence : 0;
  for (let score = least; score < MOST_DEVIATIONS; score += STEP) {
    const recall = smoothedShareAbove(scores.examples, score);
    // The photos that a person says don't show it are taken to be as frequent as those that do.
    const wrong =
      (1 - prevalence - shareOfNot) * shareAbove(background, score) +
      shareOfNot * (shareOfNot > 0 ? smoothedShareAbove(scores.not, score) : 0);
    const right = prevalence * recall;
    yield { score, recall, precision: right + wrong > 0 ? right / (right + wrong) : 0 };
  }
}

/** Half a photo more than there are: of a few thousand, none above is no proof that there is none. */
export function shareAbove(sorted: Float32Array, score: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < score) low = middle + 1;
    else high = middle;
  }
  return (sorted.length - low + 0.5) / (sorted.length + 1);
}

/** Each of a few values stands for a bell around it. */
export function smoothedShareAbove(values: readonly number[], score: number): number {
  const width = bandwidth(values);
  return values.reduce((sum, each) => sum + normalAbove((score - each) / width), 0) / values.length;
}

function bandwidth(values: readonly number[]): number {
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
  const deviation = Math.sqrt(
    values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / Math.max(1, values.length - 1),
  );
  return Math.max(LEAST_BANDWIDTH, SILVERMAN * deviation * values.length ** -0.2);
}

/** The share of a normal distribution above z: Abramowitz and Stegun, 7.1.26, within 1e-7. */
function normalAbove(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const above = 0.5 * tail * Math.exp(-x * x);
  return z >= 0 ? above : 1 - above;
}

/**
 * How far examples stand out of the background: the mean, over the examples, of the logarithm of the share of the background that
 * scores as high. Lower is better; ln 0.5 is chance. It tells two heads apart where both find all of ten examples.
 */
export function meanLogRank(scores: Pick<LeftOutScores, 'examples' | 'background'>): number {
  const background = scores.background.toSorted();
  const logs = scores.examples.map((score) => Math.log(shareAbove(background, score)));
  return logs.reduce((sum, each) => sum + each, 0) / logs.length;
}
