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

/** A taught tag that is left out, and what to do about it. */
export interface LeftOutTag {
  name: string;
  why: string;
}

/** Which taught tags some variants of a family can give, and why the others are left out. */
export function tagsFor(
  tags: readonly TaughtTag[],
  { space, variants }: { space: EmbeddingSpace | undefined; variants: readonly Pick<Variant, 'variant' | 'family'>[] },
): { usable: TaughtTag[]; leftOut: LeftOutTag[] } {
  const families = new Set(variants.map(({ family }) => family));
  const names = variants.map(({ variant }) => variant);
  const usable: TaughtTag[] = [];
  const leftOut: LeftOutTag[] = [];
  for (const tag of tags) {
    if (!families.has(tag.family)) continue;
    if (tag.space !== space?.id) {
      leftOut.push({
        name: tag.name,
        why: 'it needs its examples again: the weights have changed since it was taught',
      });
    } else if (names.some((variant) => Object.hasOwn(tag.expected, variant))) usable.push(tag);
    else {
      const others = Object.keys(tag.expected).join(', ');
      leftOut.push({
        name: tag.name,
        why: `${names.join(', ')} can't tell it from other photos; use one of ${others}`,
      });
    }
  }
  return { usable, leftOut };
}
