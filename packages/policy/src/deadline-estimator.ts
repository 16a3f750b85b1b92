/** Images that the estimate looks back on. */
const WINDOW = 50;
/** The slowest of them, and half as much again. */
const MARGIN = 1.5;

/**
 * Decides whether another image still fits, by what images took lately in this process.
 *
 * @example
 * const estimator = new DeadlineEstimator({ firstEstimateMs: 3000 });
 * estimator.fits(2000) // false
 * estimator.record(100);
 * estimator.fits(2000) // true
 */
export class DeadlineEstimator {
  readonly #firstEstimateMs: number;
  readonly #recentMs: number[] = [];

  constructor({ firstEstimateMs }: { firstEstimateMs: number }) {
    this.#firstEstimateMs = firstEstimateMs;
  }

  /** Notes how long an image took. */
  record(durationMs: number): void {
    this.#recentMs.push(durationMs);
    if (this.#recentMs.length > WINDOW) this.#recentMs.shift();
  }

  /** Whether an image would be done in that time. */
  fits(remainingMs: number): boolean {
    const estimateMs = this.#recentMs.length === 0 ? this.#firstEstimateMs : Math.max(...this.#recentMs) * MARGIN;
    return estimateMs <= remainingMs;
  }
}
