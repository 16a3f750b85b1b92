import { fetchKnownTags } from './server.ts';

const MOST = 12;

/** Names that begin like the one that is being typed. */
export class KnownTags {
  names: readonly string[] = [];
  #asking: AbortController | undefined;
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  async complete(text: string): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const tags = text.trim() === '' ? [] : await fetchKnownTags(text.trim(), asking.signal).catch(() => []);
    if (asking.signal.aborted) return;
    this.names = tags.slice(0, MOST).map(({ name }) => name);
    this.#changed();
  }
}
