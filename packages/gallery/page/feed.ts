import type { UnknownName } from '@tagmill/tag-store';
import type { ImageName, ImagePage, StoredRecord } from './server.ts';

export type FetchPage = (cursor?: string) => Promise<ImagePage>;

/** Pages that a refresh reads to find again what it knows, before it starts anew. */
const MAX_REFRESHED_PAGES = 5;

/** Pages without an image after which someone is asked whether to look further: of a large table, few images may be answers. */
const MAX_VAIN_PAGES = 10;

/** Names an image. */
export function idOf({ image: { bucket, key } }: { image: ImageName }): string {
  return `${bucket}/${key}`;
}

/** The answer to one question, as far as it was read: page after page at its end, and what is new at its beginning. */
export class Feed {
  /** Without those that are hidden. */
  images: readonly StoredRecord[] = [];
  /** Words in the question that no tag is called. */
  unknownNames: readonly UnknownName[] = [];
  /** What the answer is in the order of, if that is known: of tags, by confidence, or of time. */
  order: 'confidence' | 'time' | undefined;
  /** Images that were looked at. */
  examined = 0;
  /** It looked in vain for a while. */
  isPaused = false;
  /** False until the first page is there. */
  hasBegun = false;
  readonly #fetchPage: FetchPage;
  readonly #hidden: ReadonlySet<string>;
  readonly #isByTime: boolean;
  #all: readonly StoredRecord[] = [];
  #cursor: string | undefined;
  #work: Promise<unknown> = Promise.resolve();
  #wanted = -1;
  #isLoading = false;
  #isAbandoned = false;

  /**
   * @param options.hidden images that are left out, by their ids; {@link showHidden} when that changes.
   * @param options.isByTime in the order that they were taken in, the latest first, as far as they are read.
   */
  constructor(fetchPage: FetchPage, options: { hidden?: ReadonlySet<string>; isByTime?: boolean } = {}) {
    this.#fetchPage = fetchPage;
    this.#hidden = options.hidden ?? new Set();
    this.#isByTime = options.isByTime ?? false;
  }

  get isComplete(): boolean {
    return this.hasBegun && this.#cursor === undefined;
  }

  /** Reads on until an index is there. Who asks while it reads is served by the same reading. */
  async loadTo(index: number, onPage: () => void): Promise<void> {
    this.#wanted = Math.max(this.#wanted, index);
    if (this.#isLoading || this.isPaused) return;
    this.#isLoading = true;
    try {
      for (let vain = 0; this.images.length <= this.#wanted && !this.isComplete && !this.#isAbandoned; ) {
        const before = this.images.length;
        await this.more();
        vain = this.images.length > before ? 0 : vain + 1;
        this.isPaused = vain === MAX_VAIN_PAGES && !this.isComplete;
        onPage();
        if (this.isPaused) return;
      }
    } finally {
      this.#isLoading = false;
    }
  }

  /** Shows an image as it is now, where it stands. */
  replace(record: StoredRecord): void {
    this.#all = this.#all.map((each) => (idOf(each) === idOf(record) ? record : each));
    this.showHidden();
  }

  /** Forgets an image that is gone. */
  drop(id: string): void {
    this.#all = this.#all.filter((each) => idOf(each) !== id);
    this.showHidden();
  }

  /** Leaves out what is hidden by now, and nothing else. */
  showHidden(): void {
    const images = this.#hidden.size === 0 ? this.#all : this.#all.filter((each) => !this.#hidden.has(idOf(each)));
    this.images = this.#isByTime ? images.toSorted(byTimeTaken) : images;
  }

  /** Stops reading: nobody looks any more. */
  abandon(): void {
    this.#isAbandoned = true;
  }

  /** Goes on after a pause. */
  resume(onPage: () => void): Promise<void> {
    this.isPaused = false;
    return this.loadTo(this.#wanted, onPage);
  }

  /** Reads the next page, if there is one. */
  more(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.isComplete) return;
      const page = await this.#fetchPage(this.#cursor);
      this.unknownNames = page.unknownNames ?? this.unknownNames;
      if (page.plan) this.order = page.plan.accessPath.startsWith('tags') ? 'confidence' : 'time';
      this.examined += page.plan?.examined ?? 0;
      this.#set([...this.#all, ...without(page.images, this.#all)], page.cursor);
    });
  }

  /**
   * Reads what changed at the beginning: pages until one ends with a record that is known. Images read after that one stay. Images before
   * it that are no longer in the answer go.
   */
  refresh(): Promise<void> {
    return this.#inTurn(async () => {
      const fresh: StoredRecord[] = [];
      let cursor: string | undefined;
      for (let pages = 1; pages <= MAX_REFRESHED_PAGES; pages++) {
        const page = await this.#fetchPage(cursor);
        fresh.push(...page.images);
        cursor = page.cursor;
        if (cursor === undefined || this.#all.length === 0) break;
        const known = this.#positionOf(fresh.at(-1));
        if (known >= 0) {
          this.#set([...fresh, ...without(this.#all.slice(known + 1), fresh)], this.#cursor);
          return;
        }
      }
      // Pages may be empty where few images answer.
      if (fresh.length > 0 || cursor === undefined) this.#set(fresh, cursor);
    });
  }

  #positionOf(record: StoredRecord | undefined): number {
    if (!record) return -1;
    return this.#all.findIndex((each) => each.taggedAt === record.taggedAt && idOf(each) === idOf(record));
  }

  #set(images: StoredRecord[], cursor: string | undefined): void {
    this.#all = images;
    this.showHidden();
    this.#cursor = cursor;
    this.hasBegun = true;
  }

  /** One after the other, whether or not the one before succeeded. */
  #inTurn(step: () => Promise<void>): Promise<void> {
    const turn = this.#work.then(step, step);
    this.#work = turn.catch(() => {});
    return turn;
  }
}

function byTimeTaken(a: StoredRecord, b: StoredRecord): number {
  return (b.image.takenAt ?? '').localeCompare(a.image.takenAt ?? '');
}

function without(images: readonly StoredRecord[], others: readonly StoredRecord[]): StoredRecord[] {
  const ids = new Set(others.map(idOf));
  return images.filter((image) => !ids.has(idOf(image)));
}
