/** Steps of an unsigned byte. */
const BYTE_STEPS = 255;

const BINS = 2048;

/** Largest values that are tried, as fractions of the largest that was seen. */
const CANDIDATES = Array.from({ length: 91 }, (_, i) => (10 + i) / 100);

/** How often an activation after a ReLU takes which values, up to a maximum that is known. */
export class ActivationHistogram {
  readonly #maximum: number;
  readonly #counts = new Float64Array(BINS);

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** Counts values from 0 to the maximum. Zeros aren't counted: a byte stands for them exactly. */
  add(values: Float32Array, factor: number): void {
    const perUnit = (BINS * factor) / this.#maximum;
    for (const value of values) {
      if (value > 0) this.#counts[Math.min(Math.floor(value * perUnit), BINS - 1)]! += 1;
    }
  }

  /**
   * Where to cut values off so that the mean square of what rounding to bytes and cutting change together is least: a few large
   * values are worth less than finer steps for all others.
   */
  bestMaximum(): number {
    const width = this.#maximum / BINS;
    const errorOf = (most: number) => {
      const rounding = (most / BYTE_STEPS) ** 2 / 12;
      return this.#counts.reduce((sum, count, bin) => {
        const beyond = (bin + 0.5) * width - most;
        return sum + count * (beyond > 0 ? beyond ** 2 : rounding);
      }, 0);
    };
    const errors = CANDIDATES.map((fraction) => errorOf(fraction * this.#maximum));
    return CANDIDATES[errors.indexOf(Math.min(...errors))]! * this.#maximum;
  }
}
