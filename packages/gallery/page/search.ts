import { complete, nameBeforeCaret, quote } from './completion.ts';
import { formatCount } from './format.ts';
import { fetchKnownTags } from './server.ts';

export interface SearchOption {
  /** What is put into the box. */
  text: string;
  hint: string;
}

const MOST_TAGS = 8;

const YEAR = new Date().getFullYear();

/** What can be asked for, to someone who has typed nothing yet: docs/decisions/query.md. */
const EXAMPLES: readonly SearchOption[] = [
  { text: 'dog and not cat', hint: 'one and not the other' },
  { text: `dog and not cat and confidence>0.5 and taken:${YEAR}`, hint: 'all of that: sure, taken this year' },
  { text: 'gold* or "sports car"', hint: 'how a name begins, a name of two words' },
  { text: 'dog and confidence>0.5', hint: 'how sure it must be' },
  { text: 'animal and taken>2025', hint: 'when the photo was taken' },
  { text: 'outcome:rejected', hint: 'what became of it' },
  { text: 'variant:everyday/0.5-*', hint: 'which network looked at it' },
];

const FIELDS: readonly SearchOption[] = [
  { text: 'confidence>', hint: '0 to 1' },
  { text: `taken:${YEAR}`, hint: 'this year' },
  { text: 'taken>', hint: '2025, 2026-06-15' },
  { text: 'tagged>', hint: '2025, 2026-06-15' },
  { text: 'outcome:', hint: 'tagged, empty, rejected, failed' },
  { text: 'variant:', hint: 'everyday/0.5-*' },
];

/** What is typed into the search box, and what may be meant. */
export class Search {
  text = '';
  options: readonly SearchOption[] = [];
  /** Index of the option that Enter would take; -1 if none. */
  active = -1;
  readonly #changed: () => void;
  #asking: AbortController | undefined;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Takes what was typed, and finds what begins so. */
  async type(text: string, caret: number): Promise<void> {
    this.text = text;
    this.#asking?.abort();
    const name = nameBeforeCaret(text, caret)?.text;
    if (name === undefined) {
      this.#offer(text === '' ? EXAMPLES : []);
      return;
    }
    const asking = new AbortController();
    this.#asking = asking;
    const tags = await fetchKnownTags(name, asking.signal).catch(() => []);
    if (asking.signal.aborted) return;
    const fields = FIELDS.filter((field) => field.text.startsWith(name.toLowerCase()));
    this.#offer([
      ...tags.slice(0, MOST_TAGS).map((tag) => ({ text: quote(tag.name), hint: formatCount(tag.count) })),
      ...fields,
    ]);
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
  take({ text }: SearchOption, caret: number): number {
    const completed = complete(this.text, caret, text);
    this.text = completed.expression;
    this.close();
    return completed.caret;
  }

  close(): void {
    this.#asking?.abort();
    this.#offer([]);
  }

  #offer(options: readonly SearchOption[]): void {
    // An answer that comes late doesn't take the highlight from what is still offered.
    const highlighted = this.options[this.active]?.text;
    this.options = options;
    this.active = highlighted === undefined ? -1 : options.findIndex(({ text }) => text === highlighted);
    this.#changed();
  }
}
