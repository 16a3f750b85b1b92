import { complete, nameBeforeCaret } from './completion.ts';
import { fetchTags, type TagCount } from './server.ts';

const MOST_OPTIONS = 8;

/** What is typed into the search box, and the tags that may be meant. */
export class Search {
  text = '';
  options: readonly TagCount[] = [];
  /** Index of the option that Enter would take; -1 if none. */
  active = -1;
  readonly #changed: () => void;
  #asking: AbortController | undefined;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Takes what was typed, and asks for the tags that begin so. */
  async type(text: string, caret: number): Promise<void> {
    this.text = text;
    this.#asking?.abort();
    const name = nameBeforeCaret(text, caret);
    if (!name) {
      this.close();
      return;
    }
    const asking = new AbortController();
    this.#asking = asking;
    const list = await fetchTags(name.text, asking.signal).catch(() => undefined);
    if (asking.signal.aborted) return;
    this.options = (list?.tags ?? []).slice(0, MOST_OPTIONS);
    this.active = -1;
    this.#changed();
  }

  /** Goes to the next option, or the one before; beyond the ends is none. */
  move(step: 1 | -1): void {
    const places = this.options.length + 1;
    this.active = ((this.active + 1 + step + places) % places) - 1;
    this.#changed();
  }

  /**
   * Takes an option in place of what was typed.
   *
   * @returns where the caret goes.
   */
  take({ name }: TagCount, caret: number): number {
    const completed = complete(this.text, caret, name);
    this.text = completed.expression;
    this.close();
    return completed.caret;
  }

  close(): void {
    this.#asking?.abort();
    this.options = [];
    this.active = -1;
    this.#changed();
  }
}
