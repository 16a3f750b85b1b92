import { complete, namesBeforeCaret, quote, type TypedName } from './completion.ts';
import { formatCount } from './format.ts';
import { fetchKnownTags } from './server.ts';

export interface SearchOption {
  /** What is put into the box. */
  text: string;
  hint: string;
  /** Where what it stands for begins. */
  start: number;
  /** Something has to be typed behind it. */
  isOpenEnded?: boolean;
}

const MOST_TAGS = 8;

const YEAR = new Date().getFullYear();

/** What can be asked for, to someone who has typed nothing yet: docs/reference/query-language.md. */
const EXAMPLES: readonly SearchOption[] = [
  { text: 'dog -cat', hint: 'one and not the other' },
  { text: `dog -cat confidence>0.5 ${YEAR}`, hint: 'all of that: sure, taken this year' },
  { text: `summer ${YEAR - 1}`, hint: 'when the photo was taken' },
  { text: 'sports car or gold*', hint: 'either; how a name begins' },
  { text: 'name:img_1234', hint: 'what the file or its folder is called' },
  { text: 'outcome:rejected', hint: 'what became of it' },
].map((example) => ({ ...example, start: 0 }));

const FIELDS: readonly Omit<SearchOption, 'start'>[] = [
  { text: 'confidence>', hint: '0 to 1', isOpenEnded: true },
  { text: 'name:', hint: 'of the file or its folders', isOpenEnded: true },
  { text: 'folder:', hint: 'and those below it', isOpenEnded: true },
  { text: `taken:${YEAR}`, hint: 'this year' },
  { text: 'taken>', hint: '2025, 2026-06-15', isOpenEnded: true },
  { text: 'tagged>', hint: '2025, 2026-06-15', isOpenEnded: true },
  { text: 'outcome:', hint: 'tagged, empty, rejected, failed', isOpenEnded: true },
  { text: 'variant:', hint: 'everyday/0.5-*', isOpenEnded: true },
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
    const names = namesBeforeCaret(text, caret);
    const last = names.at(-1);
    if (!last) {
      this.#offer(text === '' ? EXAMPLES : []);
      return;
    }
    const asking = new AbortController();
    this.#asking = asking;
    const found = await Promise.all(names.map((name) => suggestTags(name, asking.signal)));
    if (asking.signal.aborted) return;
    const fields = FIELDS.filter((field) => field.text.startsWith(last.text.toLowerCase()));
    const tags = found.flat().filter(({ text }, i, all) => all.findIndex((other) => other.text === text) === i);
    this.#offer([...tags.slice(0, MOST_TAGS), ...fields.map((field) => ({ ...field, start: last.start }))]);
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
  take({ text, start }: SearchOption, caret: number): number {
    const completed = complete(this.text, { start, caret: Math.max(start, caret) }, text);
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

async function suggestTags({ text, start }: TypedName, signal: AbortSignal): Promise<SearchOption[]> {
  const tags = await fetchKnownTags(text, signal).catch(() => []);
  return tags.map((tag) => ({ text: quote(tag.name), hint: formatCount(tag.count), start }));
}
