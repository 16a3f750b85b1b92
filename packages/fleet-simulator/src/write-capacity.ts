import { type Limits, OUTCOME_SHARDS } from './limits.ts';

export interface Written {
  images: number;
  /** When the last of them is stored. */
  untilMs: number;
  /** Whether any write was put off. */
  throttled: boolean;
}

/**
 * What the table takes: the units of the whole table, which grow with its use, and those of its busiest partition keys, the
 * index by outcome, where each image writes one entry. Writes beyond wait in line.
 */
export class WriteCapacity {
  readonly #limits: Limits['table'];
  readonly #unitsPerImage: number;
  #units: number;
  #freeAtMs = 0;
  #grownAtMs = 0;
  #minute = { startMs: 0, units: 0 };
  #peak = 0;

  constructor(limits: Limits['table'], { unitsPerImage }: { unitsPerImage: number }) {
    this.#limits = limits;
    this.#unitsPerImage = unitsPerImage;
    this.#units = limits?.initialWriteUnits ?? Number.POSITIVE_INFINITY;
  }

  /** Images a second that can be stored now. */
  get imagesPerSecond(): number {
    const keys = (this.#limits?.keyWriteUnits ?? Number.POSITIVE_INFINITY) * OUTCOME_SHARDS;
    return Math.min(this.#units / this.#unitsPerImage, keys);
  }

  /**
   * Stores what can be stored until `deadlineMs`.
   *
   * @param readyMs when all would be stored if nothing were in the way.
   */
  store(
    images: number,
    { nowMs, readyMs, deadlineMs }: { nowMs: number; readyMs: number; deadlineMs: number },
  ): Written {
    if (!this.#limits) return { images, untilMs: readyMs, throttled: false };
    this.#grow(nowMs);
    const msPerImage = 1000 / this.imagesPerSecond;
    const startMs = Math.max(this.#freeAtMs, nowMs);
    const fits = Math.max(0, Math.floor((deadlineMs - startMs) / msPerImage));
    const stored = Math.min(images, fits);
    if (stored > 0) this.#freeAtMs = startMs + stored * msPerImage;
    this.#count(stored * this.#unitsPerImage, nowMs);
    const untilMs = stored < images ? deadlineMs : Math.max(readyMs, this.#freeAtMs);
    return { images: stored, untilMs, throttled: stored < images || untilMs > readyMs };
  }

  /** To twice the peak of its minutes, once in a doubling time. */
  #grow(nowMs: number): void {
    const { maxWriteUnits, doublingMs } = this.#limits!;
    if (nowMs - this.#grownAtMs < doublingMs) return;
    this.#grownAtMs = nowMs;
    this.#units = Math.min(maxWriteUnits, Math.max(this.#units, 2 * this.#peak));
  }

  #count(units: number, nowMs: number): void {
    if (nowMs - this.#minute.startMs >= 60_000) {
      const seconds = (nowMs - this.#minute.startMs) / 1000;
      this.#peak = Math.max(this.#peak, this.#minute.units / seconds);
      this.#minute = { startMs: nowMs, units: 0 };
    }
    this.#minute.units += units;
  }
}
