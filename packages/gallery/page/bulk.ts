import pMap from 'p-map';
import { idOf } from './feed.ts';
import { formatCount } from './format.ts';
import { type Correction, correct, type ImageName, remove, retry, type StoredRecord, startDownload } from './server.ts';
import { undoOf } from './undo-correction.ts';

/** As many as a browser keeps connections to one server, less what the page needs beside. */
const AT_ONCE = 4;

/** For so long a deletion can be taken back: nothing is deleted before. */
export const DELETE_AFTER_MS = 8000;

/** What is being done, or was, to several images. */
export interface Deed {
  message: string;
  /** Takes it back. */
  undo?: (() => void) | undefined;
  /** While it goes on. */
  isRunning: boolean;
  /** Why it failed, of some or all. */
  problem?: string | undefined;
}

export interface BulkOptions {
  changed: () => void;
  /** Hears of records as they are now. */
  onRecord: (record: StoredRecord) => void;
  /** Hidden from all lists: what is about to be deleted, or was. */
  hidden: Set<string>;
  /** Hears that other images are hidden. */
  onHidden: () => void;
}

/** What is done to several images at once. */
export class Bulk {
  deed: Deed | undefined;
  readonly #options: BulkOptions;
  #deletion: { images: ImageName[]; timer: ReturnType<typeof setTimeout> } | undefined;

  constructor(options: BulkOptions) {
    this.#options = options;
  }

  /**
   * Says the same of the tags of several images; it can be taken back as a whole.
   *
   * @returns whether it was said of all of them.
   */
  async correct(records: readonly StoredRecord[], correction: Correction): Promise<boolean> {
    const undos: [ImageName, Required<Correction>][] = [];
    const what = describe(correction);
    const isDone = await this.#each(records, what, async (before) => {
      const after = await correct(before.image, correction);
      this.#options.onRecord(after);
      const undo = undoOf(before, after);
      if (undo) undos.push([before.image, undo]);
    });
    if (undos.length > 0) this.#offerUndo(() => this.#takeBack(undos));
    return isDone;
  }

  /** Has images tried again. */
  retry(records: readonly StoredRecord[]): Promise<boolean> {
    return this.#each(records, 'Trying again:', ({ image }) => retry(image));
  }

  /** Downloads the files as they are: one by itself, several in an archive. */
  async download(records: readonly StoredRecord[]): Promise<void> {
    try {
      location.assign(await startDownload(records.map(({ image }) => image)));
    } catch (error) {
      this.#set({ message: 'Nothing was downloaded', isRunning: false, problem: (error as Error).message });
    }
  }

  /** Deletes images after a while, in which that can be taken back. */
  delete(records: readonly StoredRecord[]): void {
    this.finishDeletion();
    const images = records.map(({ image: { bucket, key } }) => ({ bucket, key }));
    this.#hide(images, true);
    const timer = setTimeout(() => this.finishDeletion(), DELETE_AFTER_MS);
    this.#deletion = { images, timer };
    this.#set({
      message: `Deleting ${countImages(images.length)}`,
      isRunning: false,
      undo: () => {
        clearTimeout(timer);
        this.#deletion = undefined;
        this.#hide(images, false);
        this.dismiss();
      },
    });
  }

  /** Deletes now what waits for it. */
  async finishDeletion(): Promise<void> {
    if (!this.#deletion) return;
    const { images, timer } = this.#deletion;
    this.#deletion = undefined;
    clearTimeout(timer);
    await this.#each(
      images.map((image) => ({ image })),
      'Deleted',
      async ({ image }) => {
        await remove(image).catch((error) => {
          this.#hide([image], false);
          throw error;
        });
      },
    );
  }

  undo(): void {
    this.deed?.undo?.();
  }

  dismiss(): void {
    this.deed = undefined;
    this.#options.changed();
  }

  async #takeBack(undos: readonly [ImageName, Required<Correction>][]): Promise<void> {
    const items = undos.map(([image, correction]) => ({ image, correction }));
    await this.#each(items, 'Taken back:', async ({ image, correction }) => {
      this.#options.onRecord(await correct(image, correction));
    });
  }

  async #each<Item>(items: readonly Item[], what: string, work: (item: Item) => Promise<void>): Promise<boolean> {
    const problems: Error[] = [];
    let done = 0;
    const tell = (isRunning: boolean) =>
      this.#set({
        message: `${what} ${isRunning ? `${formatCount(done)} of ${countImages(items.length)} …` : countImages(items.length - problems.length)}`,
        isRunning,
        problem: problems[0] && `${formatCount(problems.length)} not: ${problems[0].message}`,
      });
    tell(true);
    const attempt = async (item: Item) => {
      await work(item).catch((error) => void problems.push(error));
      done++;
      tell(true);
    };
    await pMap(items, attempt, { concurrency: AT_ONCE });
    tell(false);
    return problems.length === 0;
  }

  #offerUndo(undo: () => void): void {
    this.#set({ ...this.deed!, undo });
  }

  #hide(images: readonly ImageName[], isHidden: boolean): void {
    const { hidden, onHidden } = this.#options;
    for (const image of images) {
      if (isHidden) hidden.add(idOf({ image }));
      else hidden.delete(idOf({ image }));
    }
    onHidden();
  }

  #set(deed: Deed): void {
    this.deed = deed;
    this.#options.changed();
  }
}

function countImages(images: number): string {
  return `${formatCount(images)} ${images === 1 ? 'image' : 'images'}`;
}

function describe({ add = [], remove = [], forget = [] }: Correction): string {
  if (add.length > 0) return `Added ${add.join(', ')} to`;
  if (remove.length > 0) return `Removed ${remove.join(', ')} from`;
  return `Forgot what was said of ${forget.join(', ')} on`;
}
