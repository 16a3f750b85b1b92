import { createHash } from 'node:crypto';
import { isRejection } from '@tagmill/core';
import type { BudgetedTagging, FileTagger } from '../file-tagger.ts';

/** Tags each content once: a copy under another name gets the same tags. Keeps about a kilobyte of each. */
export class EachContentOnce {
  readonly #tag: FileTagger['tag'];
  readonly #taggings = new Map<string, Promise<BudgetedTagging>>();
  readonly #contents = new Map<string, string>();
  /** Files that had the content of another one. */
  copies = 0;

  constructor({ tag }: Pick<FileTagger, 'tag'>) {
    this.#tag = tag;
  }

  /** @returns nothing if the file is as it was. */
  tag(file: string, bytes: Uint8Array, startMs: number): Promise<BudgetedTagging> | undefined {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (this.#contents.get(file) === sha256) return undefined;
    this.#contents.set(file, sha256);
    const known = this.#taggings.get(sha256);
    if (known) this.copies++;
    const tagging = known ?? this.#tag(bytes, startMs);
    this.#taggings.set(sha256, tagging);
    tagging.catch((error) => {
      // What is wrong with the content stays wrong; anything else may pass.
      if (isRejection(error)) return;
      this.#taggings.delete(sha256);
      this.#contents.delete(file);
    });
    return tagging;
  }
}
