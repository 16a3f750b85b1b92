import { type LatencyModel, type LatencyProfile, PROMISED_SHARE, predictByCost, quantile } from '@tagmill/policy';
import type { Sample } from './measure.ts';

/** The share of images that took no longer than the 95th percentile that was predicted for them. It should be 0.95. */
export function coverage(model: LatencyModel, samples: readonly Sample[]): number {
  const kept = samples.filter(({ variant, photo, inFlight, decodeMs, inferMs }) => {
    const source = { ...photo, progressive: photo.progressive ?? false };
    return decodeMs + inferMs <= quantile(model.predict(variant, source, inFlight).ms, PROMISED_SHARE);
  });
  return kept.length / samples.length;
}

/**
 * How far off the cost model is: every variant's median time alone, predicted from the others', against what was measured.
 *
 * @returns fractions of what was measured.
 */
export function costModelErrors({ inferences }: LatencyProfile): { mean: number; worst: number } {
  const alone = inferences.filter(({ inFlight }) => inFlight === 1);
  if (alone.length < 2) return { mean: Number.NaN, worst: Number.NaN };
  const errors = alone.map((each) => {
    const others = alone.filter((other) => other !== each);
    const measured = quantile(each.ms, 0.5);
    return Math.abs(quantile(predictByCost(each, others), 0.5) - measured) / measured;
  });
  return { mean: errors.reduce((sum, error) => sum + error, 0) / errors.length, worst: Math.max(...errors) };
}
