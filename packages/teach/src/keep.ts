import type { Variant } from '@tagmill/core';
import type { TaughtTag } from './schema.ts';
import type { EmbeddingSpace } from './space.ts';
import type { StoredTag } from './stored-tags.ts';
import type { Taught } from './teach.ts';
import type { SeenExample } from './view-examples.ts';

const LARGEST_BYTE = 127;
/** More digits of a weight than this change no score. */
const DIGITS = 6;

/** What is kept of a tag beside what was learned. */
interface Described {
  name: string;
  variant: Pick<Variant, 'variant' | 'family'>;
  space: Pick<EmbeddingSpace, 'id'>;
  prevalence: number;
  notCount: number;
  skippedCount: number;
  taughtAt: Date;
}

export interface About extends Described {
  examples: readonly SeenExample[];
}

export interface AboutStored extends Described {
  exampleCount: number;
  /** Names of all that can give it. */
  variants: readonly string[];
}

/** What is kept of a taught tag: numbers about its examples, and no picture. */
export function taughtTag(taught: Taught, { examples, ...about }: About): TaughtTag {
  return {
    ...describe(taught, about),
    examples: examples.map(({ sha256, averaged }) => ({ sha256, embedding: asBytes(averaged) })),
  };
}

/**
 * What a stack's table keeps of a taught tag. Its examples were seen by whichever variant tagged them, so all variants of the space have
 * one threshold.
 */
export function storedTag(taught: Taught, { exampleCount, variants, ...about }: AboutStored): StoredTag {
  const own = taught.expected[about.variant.variant]!;
  return {
    ...describe(taught, about),
    expected: Object.fromEntries(variants.map((variant) => [variant, own])),
    exampleCount,
  };
}

function describe({ method, head, expected }: Taught, about: Described) {
  const { name, variant, space, prevalence, notCount, skippedCount, taughtAt } = about;
  return {
    schemaVersion: 1 as const,
    name,
    family: variant.family,
    variant: variant.variant,
    space: space.id,
    method,
    head: { weights: [...head.weights].map((each) => Number(each.toPrecision(DIGITS))), bias: head.bias },
    prevalence,
    expected,
    notCount,
    skippedCount,
    taughtAt: taughtAt.toISOString(),
  };
}

/** A signed byte a dimension, the largest as 127, in base64. */
function asBytes(embedding: Float32Array): string {
  const largest = embedding.reduce((most, each) => Math.max(most, Math.abs(each)), 0) || 1;
  const bytes = Int8Array.from(embedding, (each) => Math.round((each / largest) * LARGEST_BYTE));
  return Buffer.from(bytes.buffer).toString('base64');
}
