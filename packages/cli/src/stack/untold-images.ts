import type { ImageState } from '@tagmill/tag-store';
import { type StoredTag, type UntoldReason, whyUntold } from '@tagmill/teach/stored-tags';

const REASONS: Readonly<Record<UntoldReason, string>> = {
  'no-embedding': 'have no embedding',
  'other-space': 'have an embedding of other weights or of another family',
  'other-variant': 'were tagged by a variant that the tag has no threshold for',
};

/** Counts the images of which nobody can say whether they show a taught tag. */
export class UntoldImages {
  readonly #tag: StoredTag;
  #counts = new Map<UntoldReason, number>();

  constructor(tag: StoredTag) {
    this.#tag = tag;
  }

  /** Passes images on, and counts anew. */
  async *countAmong(images: AsyncIterable<ImageState>): AsyncGenerator<ImageState> {
    this.#counts = new Map();
    for await (const image of images) {
      const { scores, fingerprint } = image;
      // What was never looked at has no tags either.
      const why = scores && whyUntold(this.#tag, { fingerprint, variant: scores.variant });
      if (why) this.#counts.set(why, (this.#counts.get(why) ?? 0) + 1);
      yield image;
    }
  }

  /** Says on standard error how many they are, and why. */
  tell(): void {
    if (this.#counts.size === 0) return;
    for (const [why, count] of this.#counts) {
      process.stderr.write(`Images that can't get "${this.#tag.name}", since they ${REASONS[why]}: ${count}\n`);
    }
    process.stderr.write('They can once they are tagged anew, as when they are uploaded again\n');
  }
}
