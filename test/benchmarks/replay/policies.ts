import type { Variant } from '@tagmill/core';
import {
  accuracy,
  BacklogController,
  chooseVariant,
  findFrontier,
  type LatencyModel,
  LatencyTracker,
  LEAST_STEP_GAIN,
  type Source,
  TYPICAL_PHOTO,
} from '@tagmill/policy';
import type { Arrival } from './trace.ts';

/** What a policy may know when it chooses; `trueMs` is for the oracle alone. */
export interface Question {
  arrival: Arrival;
  trueMs: (variant: Variant) => number;
}

export interface Policy {
  name: string;
  /** Loads all models when a worker starts, and not each when its first image needs it. */
  preloads: boolean;
  choose(question: Question): Variant;
  /** Hears what decoding and inference took. */
  observe?(variant: Variant, source: Source, durationMs: number): void;
  /** Hears how long the images of a batch waited. */
  hear?(agesMs: readonly number[], nowMs: number): void;
  /** Steps down at present. */
  level?(): number;
}

export interface PolicyOptions {
  family: readonly Variant[];
  model: LatencyModel;
  now: () => number;
  targetAgeMs: number;
}

/** The policy as the pipeline runs it, and what it is held against. */
export function policies({ family, model, now, targetAgeMs }: PolicyOptions): Policy[] {
  const byAccuracy = family.toSorted((a, b) => accuracy(b) - accuracy(a));
  const always = (name: string, variant: Variant): Policy => ({ name, preloads: false, choose: () => variant });
  return [
    tagmill({ family, model, now, targetAgeMs }),
    always('always the largest', byAccuracy[0]!),
    always('always the smallest', byAccuracy.at(-1)!),
    meanLatency({ byAccuracy, model, now }),
    {
      name: 'oracle',
      preloads: true,
      choose: ({ arrival, trueMs }) =>
        byAccuracy.find((variant) => trueMs(variant) <= arrival.budgetMs) ??
        byAccuracy.reduce((fastest, variant) => (trueMs(variant) < trueMs(fastest) ? variant : fastest)),
    },
  ];
}

function tagmill({ family, model, now, targetAgeMs }: PolicyOptions): Policy {
  const tracker = new LatencyTracker(model, { now });
  const steps = findFrontier(family, (variant) => model.predict(variant, TYPICAL_PHOTO, 1), {
    leastGain: LEAST_STEP_GAIN,
  });
  const backlog = new BacklogController({ targetAgeMs, steps: steps.length - 1 });
  return {
    name: 'tagmill',
    preloads: true,
    choose: ({ arrival: { source, budgetMs } }) =>
      chooseVariant({
        variants: family,
        predict: (variant) => tracker.predict({ variant, source, inFlight: 1 }),
        remainingMs: budgetMs,
        ...(backlog.level > 0 && { slowest: steps[backlog.level]! }),
      }).variant,
    observe: (variant, source, durationMs) => tracker.observe({ variant, source, inFlight: 1 }, durationMs),
    hear: (agesMs, nowMs) => void backlog.observe(agesMs, nowMs),
    level: () => backlog.level,
  };
}

/** As INFaaS (Romero et al., USENIX ATC 2021) has it: whose mean latency, as measured of late, fits; no margin. */
function meanLatency({
  byAccuracy,
  model,
  now,
}: {
  byAccuracy: readonly Variant[];
  model: LatencyModel;
  now: () => number;
}): Policy {
  const tracker = new LatencyTracker(model, { now });
  const mean = (variant: Variant, source: Source) => {
    const { ms } = tracker.predict({ variant, source, inFlight: 1 });
    return ms.reduce((sum, each) => sum + each, 0) / ms.length;
  };
  return {
    name: 'mean latency',
    preloads: false,
    choose: ({ arrival: { source, budgetMs } }) =>
      byAccuracy.find((variant) => mean(variant, source) <= budgetMs) ??
      byAccuracy.reduce((fastest, variant) => (mean(variant, source) < mean(fastest, source) ? variant : fastest)),
    observe: (variant, source, durationMs) => tracker.observe({ variant, source, inFlight: 1 }, durationMs),
  };
}
