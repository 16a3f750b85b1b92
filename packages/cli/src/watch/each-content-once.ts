import { createHash } from 'node:crypto';
import { isRejection } from '@tagmill/core';
import type { BudgetedTagging, FileTagger } from '../tagging/file-tagger.ts';

/** Tags each content once: a copy under another name gets the same tags. Keeps about a kilobyte of each. */
export class EachContentOnce {
  readonly #tag: FileTagger['tag'];
  readonly #taggings = new Map<string, Promise<BudgetedTagging>>();
  readonly #contents = new Map<string, string>();

  constructor({ tag }: Pick<FileTagger, 'tag'>) {
    this.#tag = tag;
  }

  /**
   * Notes what a file holds.
   *
   * @returns its digest, and whether it is as it was.
   */
  note(file: string, bytes: Uint8Array): { sha256: string; isKnown: boolean } {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const isKnown = this.#contents.get(file) === sha256;
    this.#contents.set(file, sha256);
    return { sha256, isKnown };
  }

  /** Nothing is known any more of what a file holds. */
  forget(file: string): void {
    this.#contents.delete(file);
  }

  /** Whether a content was tagged already. */
  has(sha256: string): boolean {
    return this.#taggings.has(sha256);
  }

  /** @param sha256 what {@link note} said of these bytes. */
  tag(file: string, sha256: string, bytes: Uint8Array, startMs: number): Promise<BudgetedTagging> {
    const tagging = this.#taggings.get(sha256) ?? this.#tag(bytes, startMs);
    this.#taggings.set(sha256, tagging);
    tagging.catch((error) => {
      // What is wrong with the content stays wrong; anything else may pass.
      if (isRejection(error)) return;
      this.#taggings.delete(sha256);
      this.forget(file);
    });
    return tagging;
  }
}
