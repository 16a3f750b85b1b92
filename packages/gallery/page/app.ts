import type { Outcome } from '@tagmill/core';
import type { TagStatistics } from '@tagmill/tag-store';
import { Bulk } from './bulk.ts';
import { Duplicates, recordsOf } from './duplicates.ts';
import { Feed, idOf } from './feed.ts';
import { KnownTags } from './known-tags.ts';
import { Places, takenIn } from './places.ts';
import { Retries } from './retries.ts';
import { Search } from './search.ts';
import { Selection } from './selection.ts';
import {
  AnswerError,
  type Correction,
  correct,
  fetchImages,
  fetchRecord,
  fetchStack,
  fetchStatistics,
  fetchTags,
  type ImageName,
  type Question,
  type StackState,
  type StoredRecord,
  type TagCount,
} from './server.ts';
import { Uploads } from './uploads.ts';

/** Counting reads the whole index: it rests so many times as long as the last count took. */
const REST_BETWEEN_COUNTS = 4;

/** Images that are selected at once, and so corrected or deleted. */
const MOST_SELECTED = 2000;

/** Deleted images that are asked for at one look. */
const HIDDEN_AT_ONCE = 8;

/** What the page shows, and what can be done there. */
export class App {
  readonly uploads: Uploads;
  readonly search: Search;
  readonly selection = new Selection();
  readonly bulk: Bulk;
  readonly duplicates: Duplicates;
  readonly places = new Places();
  readonly retries: Retries;
  readonly knownTags: KnownTags;
  question: Question = {};
  feed: Feed;
  /** What is wrong with the question. */
  problem?: AnswerError | undefined;
  stack?: StackState;
  statistics?: TagStatistics;
  /** `unknown` if the API doesn't count them. */
  tags?: TagCount[] | 'unknown';
  /** Beside the list. */
  record?: StoredRecord | undefined;
  /** Whether it fills the window. */
  isFull = false;
  /** What a link leads to and is not there. */
  missing: ImageName | undefined;
  /** Something was asked since the page came. */
  hasAsked = false;
  /** The list shows its beginning: what is new may be put there. */
  isAtTop = true;
  hasNews = false;
  /** Why the stack doesn't answer. */
  trouble?: string | undefined;
  isDragging = false;
  readonly #changed: () => void;
  /** Deleted, or about to be. */
  readonly #hidden = new Set<string>();
  #correctionProblem: { id: string; message: string } | undefined;
  #seen = '';
  #countsWanted = true;
  #changedAt = 0;
  #nextCountsAt = 0;

  constructor(changed: () => void) {
    this.#changed = changed;
    this.uploads = new Uploads(changed);
    this.search = new Search(changed);
    this.retries = new Retries(changed);
    this.knownTags = new KnownTags(changed);
    const onRecord = (record: StoredRecord) => this.#show(record);
    const onHidden = () => {
      this.feed.showHidden();
      this.duplicates.showHidden();
    };
    this.duplicates = new Duplicates({ changed, hidden: this.#hidden });
    this.bulk = new Bulk({ changed, onRecord, hidden: this.#hidden, onHidden });
    this.feed = this.#newFeed();
  }

  get isBusy(): boolean {
    const retrying = this.record && this.retries.of(this.record);
    return this.uploads.isBusy || (retrying !== undefined && retrying.problem === undefined) || !this.#isQuiet;
  }

  /** No message is on its way. */
  get #isQuiet(): boolean {
    return this.stack !== undefined && this.stack.waiting + this.stack.inFlight === 0;
  }

  /** Images that answer the question, as far as that is known. */
  get count(): number {
    if (this.duplicates.isShown) return this.duplicates.images.length;
    const { outcome } = this.question;
    const loaded = this.feed.images.length;
    if (this.feed.isComplete || !this.#isCounted || !this.statistics) return loaded;
    const counted = outcome ? this.statistics.byOutcome[outcome] : this.statistics.images;
    return Math.max(loaded, counted - this.#hidden.size);
  }

  /** The statistics say how many answer the question. */
  get #isCounted(): boolean {
    return this.question.q === undefined && this.question.like === undefined;
  }

  /** In the list, or in what takes its place. */
  get images(): readonly StoredRecord[] {
    return this.duplicates.isShown ? this.duplicates.images : this.feed.images;
  }

  /** Asks something else. */
  ask(question: Question): void {
    this.question = question;
    this.hasAsked = true;
    this.duplicates.hide();
    this.search.text = question.q ?? '';
    this.feed.abandon();
    this.feed = this.#newFeed();
    this.problem = undefined;
    this.hasNews = false;
    this.#changed();
    // A time is looked at in its order, for which all of it has to be there.
    this.loadTo(takenIn(question) ? MOST_SELECTED - 1 : 0);
    if (this.statistics && this.places.isStale(question)) {
      this.places.refresh(question).then(this.#changed, (error) => this.#report(error));
    }
  }

  /** Shows the copies among what the list shows, in its place, or the list again. */
  showDuplicates(isShown: boolean): void {
    if (isShown === this.duplicates.isShown) return;
    this.selection.clear();
    if (isShown) this.duplicates.show(this.question);
    else this.duplicates.hide();
    this.#changed();
  }

  filterBy(outcome: Outcome | undefined): void {
    this.ask(outcome ? { outcome } : {});
  }

  /** Reads on until an index of the list is there. */
  async loadTo(index: number): Promise<void> {
    if (this.problem !== undefined || this.trouble !== undefined) return;
    const { feed } = this;
    await feed.loadTo(index, this.#changed).catch((error) => {
      if (feed === this.feed) this.#report(error);
    });
  }

  /** Looks further, after a search in vain. */
  async lookFurther(): Promise<void> {
    await this.feed.resume(this.#changed).catch((error) => this.#report(error));
  }

  /** Puts what is new at the beginning of the list. */
  async refresh(): Promise<void> {
    const { feed } = this;
    if (this.problem !== undefined) return;
    if (!feed.hasBegun) return this.loadTo(0);
    await feed.refresh();
    if (feed === this.feed) this.hasNews = false;
  }

  /** Looks at everything that may have changed. */
  async look(): Promise<void> {
    try {
      this.stack = await fetchStack();
      this.trouble = undefined;
      if (this.isAtTop && this.#mayHaveChanged()) await this.refresh();
      await Promise.all([
        this.uploads.check(this.feed.images, { isQuiet: this.#isQuiet }),
        this.#lookAtRecord(),
        this.#lookAtHidden(),
        this.#lookAtCounts(),
      ]);
    } catch (error) {
      this.#report(error);
    }
    this.#changed();
  }

  open(record: StoredRecord | undefined): void {
    this.record = record;
    this.missing = undefined;
    this.isFull &&= record !== undefined;
    this.#changed();
  }

  async openByName(name: ImageName, { isFull = false } = {}): Promise<void> {
    this.isFull = isFull;
    try {
      const record = await fetchRecord(name);
      this.open(record);
      if (!record) this.missing = name;
    } catch (error) {
      this.#report(error);
    }
    this.#changed();
  }

  /** Lets the open record's photo fill the window, or no more. */
  view(isFull: boolean): void {
    this.isFull = isFull && this.record !== undefined;
    this.#changed();
  }

  /** Of the record that is open, in the list; -1 if it isn't there. */
  indexOfRecord(): number {
    const id = this.record && idOf(this.record);
    return this.images.findIndex((each) => idOf(each) === id);
  }

  /** Opens the record that many places further in the list. */
  step(places: number): void {
    const at = this.indexOfRecord();
    const next = this.images[at + places];
    if (at >= 0 && next) this.open(next);
  }

  /** Says what is on an image, and what isn't. */
  async correct(record: StoredRecord, correction: Correction): Promise<boolean> {
    this.#correctionProblem = undefined;
    try {
      this.#show(await correct(record.image, correction));
      this.#changed();
      return true;
    } catch (error) {
      this.#correctionProblem = { id: idOf(record), message: (error as Error).message };
      this.#changed();
      return false;
    }
  }

  /** Selects all images of the list, or all copies but those to keep, as far as there are not too many. */
  async selectAll(): Promise<void> {
    if (this.duplicates.isShown)
      return this.select((selection) => selection.all(this.duplicates.others.slice(0, MOST_SELECTED)));
    await this.loadTo(MOST_SELECTED - 1);
    this.selection.all(this.feed.images.slice(0, MOST_SELECTED));
    this.#changed();
  }

  /** What is selected of the list, or of all copies. */
  get selected(): StoredRecord[] {
    return this.selection.of(this.duplicates.isShown ? this.duplicates.groups.flatMap(recordsOf) : this.feed.images);
  }

  /** Changes what is selected. */
  select(change: (selection: Selection, images: readonly StoredRecord[]) => void): void {
    change(this.selection, this.images);
    this.#changed();
  }

  /** Deletes images, unless that is taken back. */
  delete(records: readonly StoredRecord[]): void {
    this.selection.drop(records.map(idOf));
    if (this.record && records.some((each) => idOf(each) === idOf(this.record!))) this.record = undefined;
    this.bulk.delete(records);
  }

  /** Shows a record as it is now, wherever it is shown. */
  #show(record: StoredRecord): void {
    this.feed.replace(record);
    this.duplicates.replace(record);
    if (this.record && idOf(this.record) === idOf(record)) this.record = record;
    this.#noteChange();
  }

  /** Why the last correction of an image failed. */
  correctionProblemOf(record: StoredRecord): string | undefined {
    return this.#correctionProblem?.id === idOf(record) ? this.#correctionProblem.message : undefined;
  }

  /** What is wrong with the question is said beside it; anything else is the stack's trouble, and is tried again. */
  #report(error: unknown): void {
    if (error instanceof AnswerError && [400, 404].includes(error.status)) this.problem = error;
    else this.trouble = String(error);
    this.#changed();
  }

  async #lookAtRecord(): Promise<void> {
    const seen = this.record;
    if (!seen) return;
    const now = await fetchRecord(seen.image);
    if (now?.taggedAt !== seen.taggedAt) this.#noteChange();
    if (this.record !== seen) return;
    this.record = now;
    if (!now) this.missing = seen.image;
  }

  /** What was deleted and has no record any more may come again. */
  async #lookAtHidden(): Promise<void> {
    const turn = [...this.#hidden].slice(0, HIDDEN_AT_ONCE);
    await Promise.all(
      turn.map(async (id) => {
        const [bucket = '', ...key] = id.split('/');
        if (await fetchRecord({ bucket, key: key.join('/') })) return;
        this.feed.drop(id);
        this.duplicates.drop(id);
        this.#hidden.delete(id);
      }),
    );
  }

  async #lookAtCounts(): Promise<void> {
    const newest = this.feed.images[0]?.taggedAt;
    const seen = JSON.stringify([this.stack, this.uploads.progress.done, newest]);
    if (seen !== this.#seen) this.#noteChange();
    this.#seen = seen;
    if (!this.#countsWanted || Date.now() < this.#nextCountsAt) return;
    const start = Date.now();
    const [statistics, list] = await Promise.all([
      fetchStatistics(),
      this.tags === 'unknown' ? undefined : fetchTags(),
      this.places.refresh(this.question),
    ]);
    // The first one may have started the function, which says nothing of the table.
    if (this.statistics) this.#nextCountsAt = Date.now() + REST_BETWEEN_COUNTS * (Date.now() - start);
    this.#countsWanted = list !== undefined && Date.parse(list.countedAt) < this.#changedAt;
    this.hasNews ||= this.statistics !== undefined && statistics.images > this.statistics.images && !this.isAtTop;
    this.statistics = statistics;
    this.tags = list?.tags ?? 'unknown';
  }

  /** What is newest is cheap to ask for; what an expression finds is asked for again only when there is a sign. */
  #mayHaveChanged(): boolean {
    return this.#isCounted || !this.feed.hasBegun || this.isBusy || this.#countsWanted;
  }

  #noteChange(): void {
    this.#changedAt = Date.now();
    this.#countsWanted = true;
  }

  #newFeed(): Feed {
    const { question } = this;
    return new Feed((cursor) => fetchImages(question, cursor), {
      hidden: this.#hidden,
      isByTime: takenIn(question) !== undefined,
    });
  }
}
