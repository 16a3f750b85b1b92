import type { Limits } from './limits.ts';

/** Without messages for so long, the event source falls back to where it began. Assumed: AWS gives no time. */
const QUIET_MS = 60_000;

export interface BatchScalingOptions extends Pick<Limits, 'eventSource' | 'maxMessagesInFlight'> {
  /** The event source's own setting. */
  maxConcurrency: number;
  batchSize: number;
}

/** How many batches an event source works on at once, as time goes by and messages wait. */
export class BatchScaling {
  readonly #limits: Limits['eventSource'];
  readonly #most: number;
  #allowed: number;
  #changedMs = 0;
  #lastBusyMs = 0;

  constructor({ eventSource, maxMessagesInFlight, maxConcurrency, batchSize }: BatchScalingOptions) {
    this.#limits = eventSource;
    this.#most = Math.min(eventSource.maxBatches, maxConcurrency, Math.floor(maxMessagesInFlight / batchSize));
    this.#allowed = Math.min(eventSource.initialBatches, this.#most);
  }

  /** @param wanting messages wait, and all that is allowed is busy. */
  allowed(nowMs: number, wanting: boolean): number {
    const { initialBatches, moreBatchesPerMinute } = this.#limits;
    if (wanting) {
      if (nowMs - this.#lastBusyMs > QUIET_MS) {
        this.#allowed = Math.min(initialBatches, this.#most);
        this.#changedMs = nowMs;
      }
      const more = Math.floor(((nowMs - this.#changedMs) / 60_000) * moreBatchesPerMinute);
      if (more > 0) {
        this.#allowed = Math.min(this.#most, this.#allowed + more);
        this.#changedMs = nowMs;
      }
      this.#lastBusyMs = nowMs;
    } else {
      this.#changedMs = nowMs;
    }
    return this.#allowed;
  }

  /** Whether more may be allowed later. */
  get isGrowing(): boolean {
    return this.#allowed < this.#most && this.#limits.moreBatchesPerMinute > 0;
  }
}
