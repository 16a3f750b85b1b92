import { TagmillError } from '@tagmill/core';
import { NamedEmbeddings } from '@tagmill/look-alikes';
import { PLACE_LISTS, type PlacePosition, readPlaces, type TagStoreOptions } from '@tagmill/tag-store';

/** Of the function's 30 seconds: what isn't read by then is read by the next request. */
const FIRST_READ_MS = 20_000;

/** That a request spends on catching up with what is new, and once more on reading all anew. */
const LATER_READ_MS = 500;

/** How many times as long as it took to catch up, what is known counts as new: so it takes a twentieth of the time at most. */
const KEPT = 20;

/** An image comes into the index some time after `taggedAt`, and clocks differ: so far before its last start a reading begins. */
const OVERLAP_MS = 5 * 60_000;

/** How often all is read anew: that finds what came into the index later than {@link OVERLAP_MS}, or moved within it meanwhile. */
const RENEWED_AFTER_MS = 60 * 60_000;

/** The embeddings haven't all been read yet. */
export class StillReadingError extends TagmillError {
  constructor(images: number) {
    super('unavailable', `The embeddings are still being read, those of ${images} images so far: ask again`, {
      retryable: true,
    });
  }
}

/** One reading of the index from some time on, in as many steps as it takes. */
class Reading {
  readonly startedAt: number;
  readonly #since: string;
  /** What is left to read, and from where on. */
  readonly #left = new Map<string, PlacePosition | undefined>(PLACE_LISTS.map((list) => [list, undefined]));

  constructor(startedAt: number, since = '') {
    this.startedAt = startedAt;
    this.#since = since;
  }

  /** Reads until a time, all lists at once. @returns whether all is read. */
  async goOn(
    table: TagStoreOptions,
    embeddings: NamedEmbeddings,
    { now, until }: { now: () => number; until: number },
  ): Promise<boolean> {
    const readList = async (list: string) => {
      while (this.#left.has(list) && now() < until) {
        const after = this.#left.get(list);
        const { places, next } = await readPlaces(table, { list, since: this.#since, after });
        for (const { id, spaceSign, embedding } of places) embeddings.put(id, { space: spaceSign, embedding });
        if (next) this.#left.set(list, next);
        else this.#left.delete(list);
      }
    };
    const results = await Promise.allSettled([...this.#left.keys()].map(readList));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    return this.#left.size === 0;
  }
}

export interface PlacesInMemoryOptions extends TagStoreOptions {
  /** Milliseconds since the epoch. */
  now?: () => number;
  /** That the first reading may take of one request, and later ones. */
  firstReadMs?: number;
  laterReadMs?: number;
}

/**
 * The embeddings of the index `by-outcome`, kept in memory. The first request reads all of them; a later one what was tagged since. Nothing
 * is taken out because its image is gone: who uses it asks the table, and has it forget what isn't there.
 */
export class PlacesInMemory {
  readonly embeddings = new NamedEmbeddings();
  readonly #table: TagStoreOptions;
  readonly #now: () => number;
  readonly #firstReadMs: number;
  readonly #laterReadMs: number;
  /** The reading of all of it that is under way, if one is. */
  #whole: Reading | undefined;
  #wholeSince = Number.NEGATIVE_INFINITY;
  /** The reading of what is new that is under way, if one is. */
  #recent: Reading | undefined;
  /** What was tagged before is known; undefined until all was read once. */
  #knownUntil: number | undefined;
  #newUntil = 0;
  #refreshing: Promise<void> | undefined;

  constructor({
    now = Date.now,
    firstReadMs = FIRST_READ_MS,
    laterReadMs = LATER_READ_MS,
    ...table
  }: PlacesInMemoryOptions) {
    this.#table = table;
    this.#now = now;
    this.#firstReadMs = firstReadMs;
    this.#laterReadMs = laterReadMs;
  }

  /**
   * Catches up with the table.
   *
   * @throws {StillReadingError} if not all of it was ever read. It goes on where it stopped.
   * @throws {TagmillError} of DynamoDB.
   */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #refresh(): Promise<void> {
    if (this.#knownUntil === undefined) {
      if (!(await this.#readWhole(this.#firstReadMs))) throw new StillReadingError(this.embeddings.size);
      return;
    }
    if (this.#now() < this.#newUntil) return;
    await this.#readRecent(this.#knownUntil);
    if (this.#now() - this.#wholeSince >= RENEWED_AFTER_MS) await this.#readWhole(this.#laterReadMs);
  }

  async #readWhole(milliseconds: number): Promise<boolean> {
    const start = this.#now();
    this.#whole ??= new Reading(start);
    const isDone = await this.#goOn(this.#whole, milliseconds);
    if (!isDone) return false;
    this.#wholeSince = this.#whole.startedAt;
    this.#knownUntil ??= this.#whole.startedAt;
    this.#whole = undefined;
    return true;
  }

  async #readRecent(knownUntil: number): Promise<void> {
    const start = this.#now();
    this.#recent ??= new Reading(start, new Date(knownUntil - OVERLAP_MS).toISOString());
    const isDone = await this.#goOn(this.#recent, this.#laterReadMs);
    if (!isDone) return;
    this.#knownUntil = this.#recent.startedAt;
    this.#recent = undefined;
    this.#newUntil = this.#now() + KEPT * (this.#now() - start);
  }

  #goOn(reading: Reading, milliseconds: number): Promise<boolean> {
    const now = this.#now;
    return reading.goOn(this.#table, this.embeddings, { now, until: now() + milliseconds });
  }
}
