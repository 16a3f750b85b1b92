import type { Variant } from '@tagmill/core';
import type { Source } from './decode-time.ts';
import { quantile, scaleDistribution } from './distribution.ts';
import type { LatencyModel, Prediction } from './latency-model.ts';
import { RecentValues } from './recent-values.ts';

/** What was measured, or would be: one image, one variant. */
export interface Work {
  variant: Variant;
  source: Source;
  inFlight: number;
}

/**
 * The profile, corrected by what images take now.
 *
 * Two things are kept apart. How fast the machine is at this moment is one factor that all variants share, learnt from
 * whichever is running: a slow minute makes all of them slower, and ends for all of them at once. How far a variant is off
 * its profile is its own, learnt relative to that factor and forgotten when it is no longer run. So no variant is given up
 * for ever for having run in a slow minute.
 */
export class LatencyTracker {
  readonly model: LatencyModel;
  readonly #now: () => number;
  readonly #speed = new RecentValues({ least: 10 });
  readonly #own = new Map<string, RecentValues>();

  /** @param now milliseconds of any clock that doesn't go back. */
  constructor(model: LatencyModel, { now }: { now: () => number }) {
    this.model = model;
    this.#now = now;
  }

  /** How much slower than its profile the machine is at present; 1 as long as too little was observed. */
  get slowdown(): number {
    const recent = this.#speed.distribution(this.#now());
    return recent ? quantile(recent, 0.5) : 1;
  }

  /** Decoding and inference, as {@link LatencyModel.predict} has it, at the machine's present speed. */
  predict({ variant, source, inFlight }: Work): Prediction {
    const profiled = this.model.predict(variant, source, inFlight);
    const slowdown = this.slowdown;
    const own = this.#own.get(variant.variant)?.distribution(this.#now());
    if (!own) return slowdown === 1 ? profiled : { ...profiled, ms: scaleDistribution(profiled.ms, slowdown) };
    return { ...profiled, ms: scaleDistribution(own, quantile(profiled.ms, 0.5) * slowdown) };
  }

  /** Loading a variant, as {@link LatencyModel.load} has it, at the machine's present speed. */
  load(variant: Variant): number {
    return this.model.load(variant) * this.slowdown;
  }

  /** Notes what decoding and inference took. */
  observe({ variant, source, inFlight }: Work, durationMs: number): void {
    const nowMs = this.#now();
    const ratio = durationMs / quantile(this.model.predict(variant, source, inFlight).ms, 0.5);
    const own = this.#own.get(variant.variant) ?? new RecentValues({ least: 30 });
    this.#own.set(variant.variant, own);
    own.add(ratio / this.slowdown, nowMs);
    this.#speed.add(ratio, nowMs);
  }
}
