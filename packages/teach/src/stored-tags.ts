import type { Fingerprint } from '@tagmill/core';
import type { TaughtScore } from '@tagmill/tagger';
import * as v from 'valibot';
import { confidenceOf } from './calibration.ts';
import { scoreOf } from './head.ts';
import { count, taughtTagSchema } from './schema.ts';
import { normalize } from './vectors.ts';

const { examples: _, ...kept } = taughtTagSchema.entries;

/** A taught tag as a stack's table keeps it: without its examples, which are images of the stack. */
export const storedTagSchema = v.strictObject({ ...kept, exampleCount: count });

export type StoredTag = v.InferOutput<typeof storedTagSchema>;

/** The numbers of an embedding as a fingerprint packs it, of length 1 together. */
export function unpackEmbedding(packed: string): Float32Array {
  return normalize(Float32Array.from(new Int8Array(Buffer.from(packed, 'base64'))));
}

/**
 * How sure each taught tag is of an image, by its fingerprint alone.
 *
 * @param variant that looked at the image.
 * @returns nothing of tags of another space, and of those that the variant can't tell.
 */
export function scoreStored(
  tags: readonly StoredTag[],
  { space, embedding }: Partial<Fingerprint>,
  variant: string | undefined,
): TaughtScore[] {
  const own = tags.filter((tag) => tag.space === space);
  if (own.length === 0 || embedding === undefined || variant === undefined) return [];
  const numbers = unpackEmbedding(embedding);
  return own.flatMap(({ name, head: { weights, bias }, expected }) => {
    const known = Object.hasOwn(expected, variant) ? expected[variant] : undefined;
    if (!known || weights.length !== numbers.length) return [];
    const confidence = confidenceOf(known, scoreOf({ weights: Float32Array.from(weights), bias }, numbers));
    return [{ name, confidence, shown: known.shown, sure: known.sure }];
  });
}
