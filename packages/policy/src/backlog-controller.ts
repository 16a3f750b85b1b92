export interface BacklogControllerOptions {
  /** How old a message may become before images are tagged faster than they best could be. */
  targetAgeMs: number;
  /** Steps there are to go down: the length of the frontier less one. */
  steps: number;
}

/** Below this share of the target age the backlog counts as drained. Between the two, nothing changes. */
const DRAINED_SHARE = 0.5;

/** After a step, so long (a share of the target age) nothing changes: what it does must show first. */
const PATIENCE_SHARE = 0.25;

/**
 * Decides how many steps down the accuracy curve to go, from how old messages are when they come up. Down as they get older
 * than the target, and up again when they are younger than half of it; in between, and for a while after each step, it stays:
 * so it doesn't flap. Pure but for what it remembers.
 *
 * @example
 * const backlog = new BacklogController({ targetAgeMs: 60_000, steps: 3 });
 * backlog.observe([90_000, 95_000], 0) // 1
 */
export class BacklogController {
  readonly #options: BacklogControllerOptions;
  #level = 0;
  #changedAtMs = -Infinity;

  constructor(options: BacklogControllerOptions) {
    this.#options = options;
  }

  /** Steps down at present: 0 is the most accurate. */
  get level(): number {
    return this.#level;
  }

  /**
   * Notes how old the messages of a batch were when they came.
   *
   * @param agesMs of messages that came for the first time: one that was handed back or redriven is old, and no backlog.
   * @returns the level.
   */
  observe(agesMs: readonly number[], nowMs: number): number {
    const { targetAgeMs, steps } = this.#options;
    const age = median(agesMs);
    if (age === undefined || nowMs - this.#changedAtMs < PATIENCE_SHARE * targetAgeMs) return this.#level;
    const wanted =
      age > targetAgeMs ? this.#level + 1 : age < DRAINED_SHARE * targetAgeMs ? this.#level - 1 : this.#level;
    const next = Math.min(Math.max(wanted, 0), steps);
    if (next !== this.#level) this.#changedAtMs = nowMs;
    this.#level = next;
    return next;
  }
}

/** A single old message among young ones is a straggler. */
function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
