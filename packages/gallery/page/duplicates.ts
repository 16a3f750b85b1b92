import { COPIES_COLUMNS, type Copies, listCopies, rankCopies } from '@tagmill/look-alikes';
import { stringify } from 'csv-stringify/browser/esm/sync';
import { idOf } from './feed.ts';
import { type CopiesFound, type Copy, fetchDuplicates, type Question, type StoredRecord } from './server.ts';

/** Groups that are shown at first, and with each wish for more. */
const GROUPS_AT_ONCE = 50;

export type CopyGroup = Copies<Copy>;

/** Which images of an answer show the same picture, side by side. */
export class Duplicates {
  /** They take the list's place. */
  isShown = false;
  /** Groups of which two images or more are still there. */
  groups: readonly CopyGroup[] = [];
  /** The answer, as far as it is there. */
  found: Omit<CopiesFound, 'groups'> | undefined;
  problem: string | undefined;
  readonly #changed: () => void;
  readonly #hidden: ReadonlySet<string>;
  #all: readonly CopyGroup[] = [];
  #most = GROUPS_AT_ONCE;
  #reading: AbortController | undefined;

  /** @param options.hidden images that are left out, by their ids: what is deleted. */
  constructor({ changed, hidden }: { changed: () => void; hidden: ReadonlySet<string> }) {
    this.#changed = changed;
    this.#hidden = hidden;
  }

  /** Those in sight. */
  get shown(): readonly CopyGroup[] {
    return this.groups.slice(0, this.#most);
  }

  /** Images in sight, in their order. */
  get images(): StoredRecord[] {
    return this.shown.flatMap(recordsOf);
  }

  /** What could go, of all groups. */
  get others(): StoredRecord[] {
    return this.groups.flatMap(({ others }) => others.map(({ picture }) => picture.record));
  }

  /** Compares the images that answer a question. */
  async show(question: Question): Promise<void> {
    this.hide();
    const reading = new AbortController();
    this.#reading = reading;
    this.isShown = true;
    this.#changed();
    try {
      const { groups, ...found } = await fetchDuplicates(question, reading.signal);
      this.#set(groups);
      this.found = found;
    } catch (error) {
      if (reading.signal.aborted) return;
      this.problem = (error as Error).message;
    }
    this.#changed();
  }

  /** The list takes its place again. */
  hide(): void {
    this.#reading?.abort();
    this.isShown = false;
    this.found = undefined;
    this.problem = undefined;
    this.#set([]);
    this.#most = GROUPS_AT_ONCE;
  }

  showMore(): void {
    this.#most += GROUPS_AT_ONCE;
    this.#changed();
  }

  /** Shows an image as it is now. */
  replace(record: StoredRecord): void {
    const id = idOf(record);
    const change = (copy: Copy) => (idOf(copy.record) === id ? { ...copy, record } : copy);
    this.#set(
      this.#all.map(({ keep, others, why }) => ({
        why,
        keep: change(keep),
        others: others.map((other) => ({ ...other, picture: change(other.picture) })),
      })),
    );
  }

  /** Forgets an image that is gone. */
  drop(id: string): void {
    this.#set(this.#all.map((group) => without(group, new Set([id]))).filter((group) => group !== undefined));
  }

  /** Leaves out what is hidden by now, and nothing else. If the one to keep is, another takes its place. */
  showHidden(): void {
    this.groups = this.#all.map((group) => without(group, this.#hidden)).filter((group) => group !== undefined);
  }

  /**
   * The index that a key leads to: along a group and on to the next, or to the same place in another group.
   *
   * @returns undefined if it is no such key.
   */
  neighbour(key: string, index: number): number | undefined {
    const starts = this.#starts();
    const group = starts.findLastIndex((start) => start <= index);
    const last = this.images.length - 1;
    const inGroup = (other: number) => {
      const start = starts[other];
      if (start === undefined) return index;
      return Math.min(start + index - starts[group]!, (starts[other + 1] ?? last + 1) - 1);
    };
    const targets: Record<string, () => number> = {
      ArrowLeft: () => index - 1,
      ArrowRight: () => index + 1,
      ArrowUp: () => inGroup(group - 1),
      ArrowDown: () => inGroup(group + 1),
      Home: () => 0,
      End: () => last,
    };
    return targets[key]?.();
  }

  /** As `tagmill duplicates --format csv` lists them. */
  toCsv(): string {
    const rows = this.groups.flatMap((group, i) => listCopies(group, i + 1));
    return stringify(rows, { header: true, columns: [...COPIES_COLUMNS] });
  }

  /** Of each group that is shown, the index of its first image. */
  #starts(): number[] {
    let next = 0;
    return this.shown.map(({ others }) => {
      const start = next;
      next += 1 + others.length;
      return start;
    });
  }

  #set(groups: readonly CopyGroup[]): void {
    this.#all = groups;
    this.showHidden();
  }
}

/** @returns undefined if less than two images are left. */
function without(group: CopyGroup, ids: ReadonlySet<string>): CopyGroup | undefined {
  const copies = copiesOf(group);
  const left = copies.filter(({ record }) => !ids.has(idOf(record)));
  if (left.length === copies.length) return group;
  return left.length > 1 ? rankCopies(left) : undefined;
}

function copiesOf({ keep, others }: CopyGroup): Copy[] {
  return [keep, ...others.map(({ picture }) => picture)];
}

/** The images of a group, the one to keep first. */
export function recordsOf(group: CopyGroup): StoredRecord[] {
  return copiesOf(group).map(({ record }) => record);
}
