import type { Limits } from './limits.ts';

/** Without messages for so long, the event source falls back to where it began. Assumed: AWS gives no time. */
const QUIET_MS = 60_000;

export interface BatchScalingOptions extends Pick<Limits, 'eventSource' | 'maxMessagesInFlight'> {
  /** The event source's own setting. */
  maxConcurrency: number;
  batchSize: number;
}

/** How many batches an event source works on at once, as time goes by and messages are left over. */
export class BatchScaling {
  readonly #limits: Limits['eventSource'];
  readonly #initial: number;
  readonly #most: number;
  #allowed: number;
  #grownAtMs = 0;
  #isShort = false;
  #shortAtMs = 0;

  constructor({ eventSource, maxMessagesInFlight, maxConcurrency, batchSize }: BatchScalingOptions) {
    this.#limits = eventSource;
    this.#most = Math.min(eventSource.maxBatches, maxConcurrency, Math.floor(maxMessagesInFlight / batchSize));
    this.#initial = Math.min(eventSource.initialBatches, this.#most);
    this.#allowed = this.#initial;
  }

  allowedAt(nowMs: number): number {
    if (!this.#isShort) {
      if (nowMs - this.#shortAtMs > QUIET_MS) this.#allowed = this.#initial;
      return this.#allowed;
    }
    const perMs = this.#limits.moreBatchesPerMinute / 60_000;
    const more = Math.floor((nowMs - this.#grownAtMs) * perMs);
    if (more > 0) {
      this.#allowed = Math.min(this.#most, this.#allowed + more);
      this.#grownAtMs += more / perMs;
    }
    return this.#allowed;
  }

  /** Notes whether messages were left when all that is allowed was busy. */
  note(nowMs: number, messagesAreLeft: boolean): void {
    if (messagesAreLeft && !this.#isShort) this.#grownAtMs = nowMs;
    if (messagesAreLeft) this.#shortAtMs = nowMs;
    this.#isShort = messagesAreLeft;
  }

  /** Whether more may be allowed later. */
  get isGrowing(): boolean {
    return this.#isShort && this.#allowed < this.#most && this.#limits.moreBatchesPerMinute > 0;
  }
}
