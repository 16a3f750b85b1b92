import type { Variant } from '@tagmill/core';
import type { TaughtTag } from './schema.ts';
import type { EmbeddingSpace } from './space.ts';
import type { Taught } from './teach.ts';
import type { SeenExample } from './view-examples.ts';

const LARGEST_BYTE = 127;
/** More digits of a weight than this change no score. */
const DIGITS = 6;

export interface About {
  name: string;
  variant: Pick<Variant, 'variant' | 'family'>;
  space: EmbeddingSpace;
  prevalence: number;
  examples: readonly SeenExample[];
  notCount: number;
  skippedCount: number;
  taughtAt: Date;
}

/** What is kept of a taught tag: numbers about its examples, and no picture. */
export function taughtTag({ method, head, expected }: Taught, about: About): TaughtTag {
  const { name, variant, space, prevalence, examples, notCount, skippedCount, taughtAt } = about;
  return {
    schemaVersion: 1,
    name,
    family: variant.family,
    variant: variant.variant,
    space: space.id,
    method,
    head: { weights: [...head.weights].map((each) => Number(each.toPrecision(DIGITS))), bias: head.bias },
    prevalence,
    expected,
    examples: examples.map(({ sha256, averaged }) => ({ sha256, embedding: asBytes(averaged) })),
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
