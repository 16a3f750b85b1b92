import type { Variant } from '@tagmill/core';
import { TDigest } from 'tdigest';
import type { Work } from './workload.ts';

/** A moment of the run, and what happened since the one before. */
export interface Moment {
  atMs: number;
  waiting: number;
  concurrency: number;
  stored: number;
  throttled: number;
  /** Images by variant. */
  variants: Record<string, number>;
}

const MOST_MOMENTS = 400;

/** Adds up a run as it goes. */
export class Tally {
  stored = 0;
  received = 0;
  deadLettered = 0;
  handedBack = 0;
  /** Images whose writes the table put off or refused. */
  throttled = 0;
  invocations = 0;
  coldStarts = 0;
  billedMs = 0;
  lastMs = 0;
  peakConcurrency = 0;
  readonly stagesMs = { fetch: 0, decode: 0, infer: 0, store: 0, overhead: 0 };
  readonly variants = new Map<Variant, number>();
  readonly #ages = new TDigest();
  #moments: Moment[] = [];
  #intervalMs = 1000;
  #since = { stored: 0, throttled: 0, variants: {} as Record<string, number> };

  /** @param waitMs what the table made it wait. */
  addWork({ variant, billedMs, stages }: Work, images: number, waitMs: number): void {
    this.received += images;
    const wholeMs = billedMs * images;
    for (const stage of ['fetch', 'decode', 'infer', 'store'] as const) this.stagesMs[stage] += wholeMs * stages[stage];
    this.stagesMs.store += waitMs;
    this.billedMs += wholeMs + waitMs;
    this.variants.set(variant, (this.variants.get(variant) ?? 0) + images);
    const counts = this.#since.variants;
    counts[variant.variant] = (counts[variant.variant] ?? 0) + images;
  }

  addColdStart(ms: number): void {
    this.coldStarts++;
    this.billedMs += ms;
    this.stagesMs.overhead += ms;
  }

  addStored(images: number, throttled: number): void {
    this.stored += images;
    this.throttled += throttled;
    this.#since.stored += images;
    this.#since.throttled += throttled;
  }

  /** How long images waited in the queue. */
  addAge(ageMs: number, images: number): void {
    this.#ages.push(Math.max(0, ageMs), images);
  }

  ageAt(share: number): number {
    return this.#ages.percentile(share) ?? 0;
  }

  /** Keeps a moment now and then: as many as a plot needs, however long the run. */
  look(atMs: number, waiting: number, concurrency: number): void {
    this.peakConcurrency = Math.max(this.peakConcurrency, concurrency);
    const last = this.#moments.at(-1);
    if (last && atMs - last.atMs < this.#intervalMs) return;
    this.#moments.push({ atMs, waiting, concurrency, ...this.#since });
    this.#since = { stored: 0, throttled: 0, variants: {} };
    if (this.#moments.length <= MOST_MOMENTS) return;
    this.#intervalMs *= 2;
    this.#moments = pairsMerged(this.#moments);
  }

  get moments(): readonly Moment[] {
    return this.#moments;
  }
}

function pairsMerged(moments: readonly Moment[]): Moment[] {
  return moments.flatMap((second, index) => {
    if (index % 2 === 0) return index === moments.length - 1 ? [second] : [];
    const first = moments[index - 1]!;
    const names = new Set([...Object.keys(first.variants), ...Object.keys(second.variants)]);
    const variants = [...names].map(
      (name) => [name, (first.variants[name] ?? 0) + (second.variants[name] ?? 0)] as const,
    );
    return [
      {
        ...second,
        stored: first.stored + second.stored,
        throttled: first.throttled + second.throttled,
        variants: Object.fromEntries(variants),
      },
    ];
  });
}
