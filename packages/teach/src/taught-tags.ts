import type { Variant } from '@tagmill/core';
import type { TaughtScore, TaughtTags } from '@tagmill/tagger';
import { confidenceOf } from './calibration.ts';
import { scoreOf } from './head.ts';
import type { TaughtTag } from './schema.ts';
import type { EmbeddingSpace } from './space.ts';

/** What tagging needs of a taught tag. */
export type TaughtHead = Pick<TaughtTag, 'name' | 'head' | 'expected'>;

/** Taught tags as the tagger asks for them: an image's features in, what each tag makes of them out. */
export class HeadsInSpace implements TaughtTags {
  readonly #space: EmbeddingSpace;
  readonly #heads: readonly (TaughtHead & { weights: Float32Array })[];

  constructor(space: EmbeddingSpace, tags: readonly TaughtHead[]) {
    this.#space = space;
    this.#heads = tags.map((tag) => ({ ...tag, weights: Float32Array.from(tag.head.weights) }));
  }

  appliesTo(variant: Variant): boolean {
    return this.#space.holds(variant) && this.#heads.some(({ expected }) => Object.hasOwn(expected, variant.variant));
  }

  scores(variant: Variant, features: Float32Array): TaughtScore[] {
    const embedding = this.#space.embed(variant, features);
    return this.#heads.flatMap(({ name, head: { bias }, weights, expected }) => {
      const own = expected[variant.variant];
      if (!own) return [];
      const confidence = confidenceOf(own, scoreOf({ weights, bias }, embedding));
      return [{ name, confidence, shown: own.shown, sure: own.sure }];
    });
  }
}

/** Taught tags that a variant can give, and those that need their examples again for it. */
export function tagsFor(
  tags: readonly TaughtTag[],
  { space, variants }: { space: EmbeddingSpace | undefined; variants: readonly Pick<Variant, 'variant' | 'family'>[] },
): { usable: TaughtTag[]; needExamples: TaughtTag[] } {
  const families = new Set(variants.map(({ family }) => family));
  const own = tags.filter(({ family }) => families.has(family));
  const isUsable = (tag: TaughtTag) =>
    tag.space === space?.id && variants.some(({ variant }) => Object.hasOwn(tag.expected, variant));
  return { usable: own.filter(isUsable), needExamples: own.filter((tag) => !isUsable(tag)) };
}
