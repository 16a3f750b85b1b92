import type { ChoiceReason, Variant } from '@tagmill/core';
import { addDistributions, type Distribution, quantile } from './distribution.ts';
import type { Prediction } from './latency-model.ts';

/** The quantile that has to fit. */
export const PROMISED_SHARE = 0.95;

/** It has to fit with so much to spare: what is predicted is an estimate. */
export const SAFETY_MARGIN = 1.1;

export interface Choice {
  variant: Variant;
  reason: ChoiceReason;
  /** The 95th percentile of what is left to do for the image, in milliseconds. */
  predictedMs: number;
  /** The prediction doesn't rest on measurements of this machine alone. */
  extrapolated: boolean;
}

export interface ChoiceRequest {
  /** To choose from; at least one. */
  variants: readonly Variant[];
  predict: (variant: Variant) => Prediction;
  /** Milliseconds until a variant can be used at all: a model that isn't loaded yet has to be. None if absent. */
  loadMs?: (variant: Variant) => number;
  /** What comes after decoding and inference: storing. */
  afterwards?: Distribution;
  /** Left of the image's latency budget. May be negative. */
  remainingMs?: number;
  /** The image's share of the time that is left to its batch. */
  shareMs?: number;
  /** While a backlog drains, no variant that is slower than this one. */
  slowest?: Variant;
}

/**
 * The most accurate variant whose predicted 95th percentile, end to end and with a margin of 10%, fits; if none does, the
 * fastest. Pure: the same request gets the same answer.
 *
 * A variant that another one beats in both accuracy and predicted time is never chosen. A larger budget never leads to a less
 * accurate one.
 */
export function chooseVariant(request: ChoiceRequest): Choice {
  const { variants, remainingMs = Infinity, shareMs = Infinity, slowest, afterwards, loadMs = () => 0 } = request;
  const candidates = new Map<Variant, Candidate>();
  const toCandidate = (variant: Variant): Candidate => {
    const known = candidates.get(variant);
    if (known) return known;
    const { ms, extrapolated } = request.predict(variant);
    const predictedMs = quantile(afterwards ? addDistributions(ms, afterwards) : ms, PROMISED_SHARE) + loadMs(variant);
    const candidate = { variant, extrapolated, predictedMs };
    candidates.set(variant, candidate);
    return candidate;
  };
  // A backlog drains at the pace of what is loaded.
  const loadedMs = ({ variant, predictedMs }: Candidate) => predictedMs - loadMs(variant);
  const paceMs = slowest ? loadedMs(toCandidate(slowest)) : Infinity;
  const keepsPace = (each: Candidate) => loadedMs(each) <= paceMs;
  const fits = (limitMs: number) => (each: Candidate) => each.predictedMs * SAFETY_MARGIN <= limitMs;
  const fitsAll = fits(Math.min(remainingMs, shareMs));

  // Predicting costs more than anything else here, so nothing is that is less accurate than what is good enough.
  const ranked = variants.toSorted((a, b) => accuracy(b) - accuracy(a));
  const best = (passes: (each: Candidate) => boolean) => {
    let found: Candidate | undefined;
    for (const variant of ranked) {
      if (found && accuracy(variant) < accuracy(found.variant)) break;
      const candidate = toCandidate(variant);
      if (passes(candidate) && (!found || candidate.predictedMs < found.predictedMs)) found = candidate;
    }
    return found;
  };
  const chosen = best((each) => keepsPace(each) && fitsAll(each));
  if (!chosen) return { ...fastest(variants.map(toCandidate)), reason: 'none-fits' };

  // Of several limits, the one that alone would have led here.
  const isSame = (other: Candidate | undefined) => other?.variant === chosen.variant;
  if (isSame(best(() => true))) return { ...chosen, reason: 'most-accurate' };
  if (isSame(best(fits(remainingMs)))) return { ...chosen, reason: 'budget' };
  if (isSame(best(keepsPace))) return { ...chosen, reason: 'backlog' };
  return { ...chosen, reason: 'deadline' };
}

type Candidate = Omit<Choice, 'reason'>;

/** The fastest; of equals the most accurate. */
function fastest(candidates: readonly Candidate[]): Candidate {
  const [first] = candidates.toSorted(
    (a, b) => a.predictedMs - b.predictedMs || accuracy(b.variant) - accuracy(a.variant),
  );
  if (!first) throw new RangeError('There is no variant to choose from');
  return first;
}

/** Top-1; nobody's word for it counts as none. */
export function accuracy({ top1 = 0 }: Variant): number {
  return top1;
}

/**
 * The variants that no other beats, most accurate first: each is less accurate than the one before it, and predicted to be
 * faster by at least `leastGain` (a fraction) in the median.
 */
export function findFrontier(
  variants: readonly Variant[],
  predict: (variant: Variant) => Prediction,
  { leastGain = 0 }: { leastGain?: number } = {},
): Variant[] {
  const timed = variants.map((variant) => ({ variant, ms: quantile(predict(variant).ms, 0.5) }));
  timed.sort((a, b) => accuracy(b.variant) - accuracy(a.variant) || a.ms - b.ms);
  const kept: typeof timed = [];
  for (const each of timed) {
    const last = kept.at(-1);
    if (!last || each.ms < last.ms * (1 - leastGain)) kept.push(each);
  }
  return kept.map(({ variant }) => variant);
}

export interface ConcurrencyRequest {
  /** Numbers in flight to choose from, rising. */
  levels: readonly number[];
  /** The best choice with so many in flight. */
  choose: (inFlight: number) => Choice;
}

/**
 * The largest number in flight that costs nothing: with it, the same variant is chosen as alone, and it fits. Each image in
 * flight lets the others wait, so a tight budget and a high throughput pull apart; the budget comes first.
 */
export function chooseConcurrency({ levels, choose }: ConcurrencyRequest): number {
  const alone = choose(levels[0]!);
  if (alone.reason === 'none-fits') return levels[0]!;
  const free = levels.filter((level) => {
    const choice = choose(level);
    return choice.reason !== 'none-fits' && accuracy(choice.variant) >= accuracy(alone.variant);
  });
  return Math.max(...free);
}
