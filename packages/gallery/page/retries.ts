import { idOf } from './feed.ts';
import { retry, type StoredRecord } from './server.ts';

export interface Retry {
  /** Of the record that was there when it was asked for. */
  taggedAt: string;
  /** Why asking failed. */
  problem?: string;
}

/** Images that are tagged once more because someone asked for it. */
export class Retries {
  /** By the image's id. */
  readonly #asked = new Map<string, Retry>();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  async ask(record: StoredRecord): Promise<void> {
    const { taggedAt } = record;
    this.#asked.set(idOf(record), { taggedAt });
    this.#changed();
    await retry(record.image).catch((error: Error) => {
      this.#asked.set(idOf(record), { taggedAt, problem: error.message });
      this.#changed();
    });
  }

  /** The retry of a record that was asked for and didn't end in another one yet. */
  of(record: StoredRecord): Retry | undefined {
    const asked = this.#asked.get(idOf(record));
    return asked?.taggedAt === record.taggedAt ? asked : undefined;
  }
}
