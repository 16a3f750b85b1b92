/** Quantiles that a distribution is kept as: the middles of as many equal shares. */
export const QUANTILES = 20;

/** A distribution of durations: {@link QUANTILES} equally likely values, rising, in milliseconds. */
export type Distribution = readonly number[];

/**
 * The distribution of samples.
 *
 * @throws {RangeError} if there are none.
 */
export function toDistribution(samples: ArrayLike<number>): Distribution {
  if (samples.length === 0) throw new RangeError('There is no distribution of no samples');
  const sorted = Float64Array.from(samples).sort();
  return Array.from({ length: QUANTILES }, (_, index) => interpolate(sorted, (index + 0.5) / QUANTILES));
}

/**
 * A quantile, linear between the kept ones.
 *
 * @param share 0 to 1. Beyond the last kept quantile, 0.975, it is that one.
 */
export function quantile(distribution: Distribution, share: number): number {
  const position = share * QUANTILES - 0.5;
  const below = Math.min(Math.max(Math.floor(position), 0), QUANTILES - 1);
  const above = Math.min(below + 1, QUANTILES - 1);
  return mix(distribution[below]!, distribution[above]!, Math.min(Math.max(position - below, 0), 1));
}

/**
 * The distribution of a sum of independent durations. The sum of their 95th percentiles isn't its 95th percentile: it would
 * take all of them to be slow at once.
 */
export function addDistributions(a: Distribution, b: Distribution): Distribution {
  const sums = new Float64Array(a.length * b.length);
  for (let i = 0; i < a.length; i++) for (let j = 0; j < b.length; j++) sums[i * b.length + j] = a[i]! + b[j]!;
  return toDistribution(sums);
}

/** Every duration times `factor`. */
export function scaleDistribution(distribution: Distribution, factor: number): Distribution {
  return distribution.map((milliseconds) => milliseconds * factor);
}

/** Between two distributions, quantile by quantile: 0 is `a`, 1 is `b`. */
export function interpolateDistributions(a: Distribution, b: Distribution, share: number): Distribution {
  return a.map((milliseconds, index) => mix(milliseconds, b[index]!, share));
}

/** A duration that never varies. */
export function constantDistribution(milliseconds: number): Distribution {
  return Array<number>(QUANTILES).fill(milliseconds);
}

function interpolate(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  return mix(sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!, position - below);
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}
