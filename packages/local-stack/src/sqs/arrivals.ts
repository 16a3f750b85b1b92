/** The longest that a timer takes. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Wakes whoever waits for messages of a queue. */
export class Arrivals {
  readonly #waiting = new Map<number, Set<() => void>>();

  /** Something may be there to receive. */
  announce(queueId: number): void {
    for (const wake of this.#waiting.get(queueId) ?? []) wake();
  }

  announceToAll(): void {
    for (const queueId of this.#waiting.keys()) this.announce(queueId);
  }

  /** Ends at the next announcement, after `ms` at the latest, or when it is aborted. */
  wait(queueId: number, ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(queueId) ?? new Set();
      this.#waiting.set(queueId, waiting);
      const wake = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.min(ms, MAX_TIMER_MS));
      waiting.add(wake);
      signal.addEventListener('abort', wake);
      if (signal.aborted) wake();
    });
  }
}
