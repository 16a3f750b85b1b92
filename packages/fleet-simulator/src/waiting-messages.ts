import type { Cohort } from './arrivals.ts';

/** Messages that were sent together, each of one image. */
export interface Messages {
  sentMs: number;
  images: number;
  /** Times that they were received; 0 at first. */
  receives: number;
}

/** A standard queue, as far as it matters here: the oldest go first, and what is older than the retention is lost. */
export class WaitingMessages {
  readonly #retentionMs: number;
  readonly #groups: Messages[] = [];
  #head = 0;
  /** Visible messages. */
  size = 0;
  /** Lost to the queue's retention. */
  expired = 0;

  constructor({ retentionMs }: { retentionMs: number }) {
    this.#retentionMs = retentionMs;
  }

  send({ atMs, images }: Cohort): void {
    this.#groups.push({ sentMs: atMs, images, receives: 0 });
    this.size += images;
  }

  /** Makes received messages visible again. */
  giveBack(messages: Messages): void {
    this.#groups.push(messages);
    this.size += messages.images;
  }

  /** Receives up to so many. */
  receive(most: number, nowMs: number): Messages[] {
    const received: Messages[] = [];
    let wanted = most;
    while (wanted > 0 && this.#head < this.#groups.length) {
      const group = this.#groups[this.#head]!;
      const isExpired = nowMs - group.sentMs > this.#retentionMs;
      const images = isExpired ? group.images : Math.min(wanted, group.images);
      this.size -= images;
      group.images -= images;
      if (group.images === 0) this.#next();
      if (isExpired) {
        this.expired += images;
      } else {
        wanted -= images;
        received.push({ sentMs: group.sentMs, images, receives: group.receives + 1 });
      }
    }
    return received;
  }

  #next(): void {
    this.#head++;
    // What lies behind is let go now and then, not each time.
    if (this.#head < 10_000) return;
    this.#groups.splice(0, this.#head);
    this.#head = 0;
  }
}
