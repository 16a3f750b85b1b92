import type { Variant } from '@tagmill/core';
import { accuracy, type LatencyModel, quantile } from '@tagmill/policy';
import type { Policy } from './policies.ts';
import type { Arrival, Scenario } from './trace.ts';

/** One image, as it went. */
export interface Outcome {
  doneMs: number;
  ageMs: number;
  variant: Variant;
  met: boolean;
  level: number;
}

const BATCH = 10;
/** Loading a model takes a fixed time and its share of the weights: measured of `everyday`, 0.9 to 3.3 million parameters. */
const LOAD_MS = 40;

/** Lets one worker, one image at a time, work through a scenario on a clock of its own. */
export function runReplay(
  scenario: Scenario,
  policy: Policy,
  model: LatencyModel,
  clock: { nowMs: number },
): Outcome[] {
  const outcomes: Outcome[] = [];
  const waiting = [...scenario.arrivals];
  const restarts = [...scenario.restartsMs];
  let loaded = new Set<Variant>();
  clock.nowMs = 0;
  let next = 0;
  while (next < waiting.length) {
    clock.nowMs = Math.max(clock.nowMs, waiting[next]!.atMs);
    if (restarts.length > 0 && clock.nowMs >= restarts[0]!) {
      restarts.shift();
      loaded = new Set();
      if (policy.preloads) clock.nowMs += LOAD_MS;
    }
    const batch = waiting.slice(next, next + BATCH).filter(({ atMs }) => atMs <= clock.nowMs);
    next += batch.length;
    const receivedMs = clock.nowMs;
    policy.hear?.(
      batch.map(({ atMs }) => receivedMs - atMs),
      receivedMs,
    );
    for (const arrival of batch) {
      const slowdown = scenario.slowdownAt(clock.nowMs);
      const trueMs = (variant: Variant) => timeOf(arrival, variant, model) * slowdown;
      const variant = policy.choose({ arrival, trueMs });
      const durationMs = trueMs(variant);
      const coldMs = policy.preloads || loaded.has(variant) ? 0 : LOAD_MS * slowdown;
      loaded.add(variant);
      clock.nowMs += durationMs + coldMs;
      policy.observe?.(variant, arrival.source, durationMs);
      outcomes.push({
        doneMs: clock.nowMs,
        ageMs: receivedMs - arrival.atMs,
        variant,
        met: durationMs + coldMs <= arrival.budgetMs,
        level: policy.level?.() ?? 0,
      });
    }
  }
  return outcomes;
}

export interface Score {
  /** Budgets missed, of those that the oracle met. */
  missed: number;
  accuracy: number;
  /** Accuracy where the budget was met, none where it was missed. */
  value: number;
  p95AgeMs: number;
}

/** Both in the order in which the images came. */
export function scoreOf(outcomes: readonly Outcome[], oracle: readonly Outcome[]): Score {
  const mean = (of: (outcome: Outcome) => number) =>
    outcomes.reduce((sum, outcome) => sum + of(outcome), 0) / outcomes.length;
  const ages = outcomes.map(({ ageMs }) => ageMs).sort((a, b) => a - b);
  return {
    missed:
      outcomes.filter(({ met }, index) => !met && oracle[index]!.met).length / oracle.filter(({ met }) => met).length,
    accuracy: mean(({ variant }) => accuracy(variant)),
    value: mean(({ variant, met }) => (met ? accuracy(variant) : 0)),
    p95AgeMs: ages[Math.floor(ages.length * 0.95)]!,
  };
}

/** Decoding and inference with the image's own luck: the profile's quantiles, drawn one by one. */
function timeOf({ source, luck, stall }: Arrival, variant: Variant, model: LatencyModel): number {
  const inference = quantile(model.inference(variant, 1).ms, luck.infer);
  const decoding = quantile(model.decoding(variant, source, 1).ms, luck.decode);
  return (inference + decoding) * stall;
}
