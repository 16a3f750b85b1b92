import { TDigest } from 'tdigest';
import { type Distribution, QUANTILES } from './distribution.ts';

/** A window ends after that time or that many values: under load a change shows within seconds, else within minutes. */
const WINDOW_MS = 60_000;
const WINDOW_VALUES = 100;

/** The sketch is asked for every image, and changes little with one. */
const REFRESH_AFTER = 10;

const SHARES = Array.from({ length: QUANTILES }, (_, index) => (index + 0.5) / QUANTILES);

/** A quantile sketch (t-digest) that forgets: it keeps the window that is filling and the one before it. */
export class RecentValues {
  readonly #least: number;
  #current = { values: 0, sketch: new TDigest() };
  #previous = { values: 0, sketch: new TDigest() };
  #startMs = -Infinity;
  #cached: Distribution | undefined;
  #unseen = 0;

  /** @param least fewer values than these say nothing. */
  constructor({ least }: { least: number }) {
    this.#least = least;
  }

  add(value: number, nowMs: number): void {
    this.#rotate(nowMs);
    this.#current.sketch.push(value);
    this.#current.values++;
    if (++this.#unseen >= REFRESH_AFTER) this.#cached = undefined;
  }

  /** @returns nothing where there are too few recent values. */
  distribution(nowMs: number): Distribution | undefined {
    this.#rotate(nowMs);
    if (this.#current.values + this.#previous.values < this.#least) return undefined;
    if (!this.#cached) {
      const all = new TDigest();
      for (const { sketch } of [this.#previous, this.#current]) all.push_centroid(sketch.toArray());
      this.#cached = all.percentile(SHARES) as number[];
      this.#unseen = 0;
    }
    return this.#cached;
  }

  #rotate(nowMs: number): void {
    const ageMs = nowMs - this.#startMs;
    if (ageMs < WINDOW_MS && this.#current.values < WINDOW_VALUES) return;
    this.#previous = ageMs < 2 * WINDOW_MS ? this.#current : { values: 0, sketch: new TDigest() };
    this.#current = { values: 0, sketch: new TDigest() };
    this.#startMs = nowMs;
    this.#cached = undefined;
  }
}
