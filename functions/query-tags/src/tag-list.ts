import { countFacets, type FacetCounts, type TagQueriesOptions, tagKey } from '@tagmill/tag-store';

/** How many times as long as it took to count, the count is kept: so counting takes a twentieth of the time at most. */
const KEPT = 20;

/** Tags, months and folders with the numbers of their images. They are counted, never kept count of, so a page may be a while behind. */
export class TagList {
  readonly #options: TagQueriesOptions;
  readonly #names: readonly string[];
  readonly #now: () => number;
  #counted: Promise<{ counts: FacetCounts; countedAt: Date }> | undefined;
  #staleAt = 0;

  /**
   * @param now milliseconds since the epoch.
   */
  constructor(options: TagQueriesOptions, now: () => number = Date.now) {
    this.#options = options;
    this.#names = options.names ?? [];
    this.#now = now;
  }

  /** The tags whose name, or a synonym of it, begins with the prefix; most images first; if `all`, then those that no image has. */
  async page({ prefix = '', all = false, limit }: { prefix?: string | undefined; all?: boolean; limit: number }) {
    const {
      counts: { tags: counts },
      countedAt,
    } = await this.#count();
    const counted = new Set(counts.map(({ name }) => tagKey(name)));
    const others = all ? this.#names.filter((name) => !counted.has(tagKey(name))) : [];
    const key = tagKey(prefix);
    const synonyms = [...(this.#options.synonyms ?? [])].filter(([synonym]) => synonym.startsWith(key));
    const meant = new Set(synonyms.flatMap(([, names]) => names.map(tagKey)));
    const listed = [...counts, ...others.map((name) => ({ name, count: 0 }))];
    const tags = listed.filter(({ name }) => tagKey(name).startsWith(key) || meant.has(tagKey(name)));
    return { tags: tags.slice(0, limit), countedAt: countedAt.toISOString() };
  }

  /** The months that photos were taken in, the latest first. */
  async months() {
    const { counts, countedAt } = await this.#count();
    return { months: counts.months, countedAt: countedAt.toISOString() };
  }

  /** The folders directly below one. */
  async folders({ prefix = '' }: { prefix?: string | undefined }) {
    const { counts, countedAt } = await this.#count();
    const start = prefix === '' ? '' : `${prefix.replace(/\/+$/, '')}/`;
    const isBelow = (folder: string) => folder.startsWith(start) && !folder.slice(start.length).includes('/');
    return { folders: counts.folders.filter(({ folder }) => isBelow(folder)), countedAt: countedAt.toISOString() };
  }

  #count() {
    const start = this.#now();
    if (this.#counted === undefined || start >= this.#staleAt) {
      // Until then whoever asks waits for this count.
      this.#staleAt = Number.POSITIVE_INFINITY;
      this.#counted = countFacets(this.#options).then(
        (counts) => {
          this.#staleAt = this.#now() + KEPT * (this.#now() - start);
          return { counts, countedAt: new Date(start) };
        },
        (error) => {
          this.#staleAt = 0;
          throw error;
        },
      );
    }
    return this.#counted;
  }
}
