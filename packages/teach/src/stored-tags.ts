import type { Fingerprint } from '@tagmill/core';
import type { TaughtScore } from '@tagmill/tagger';
import * as v from 'valibot';
import { confidenceOf } from './calibration.ts';
import { scoreOf } from './head.ts';
import { count, type Expected, taughtTagSchema } from './schema.ts';
import { normalize } from './vectors.ts';

const { examples: _, ...kept } = taughtTagSchema.entries;

/** A taught tag as a stack's table keeps it: without its examples, which are images of the stack. */
export const storedTagSchema = v.strictObject({ ...kept, exampleCount: count });

export type StoredTag = v.InferOutput<typeof storedTagSchema>;

/** What is kept of an image that taught tags go by. */
export interface SeenImage {
  fingerprint?: Partial<Fingerprint> | undefined;
  /** That looked at the image. */
  variant?: string | undefined;
}

/** Why nobody can say whether an image shows a taught tag. */
export const UNTOLD_REASONS = ['no-embedding', 'other-space', 'other-variant'] as const;

export type UntoldReason = (typeof UNTOLD_REASONS)[number];

/** Why a taught tag can't be told of an image; undefined if it can. */
export function whyUntold(
  { space, head, expected }: Pick<StoredTag, 'space' | 'head' | 'expected'>,
  { fingerprint, variant }: SeenImage,
): UntoldReason | undefined {
  if (fingerprint?.embedding === undefined) return 'no-embedding';
  const isOfSpace =
    fingerprint.space === space && unpackEmbedding(fingerprint.embedding).length === head.weights.length;
  if (!isOfSpace) return 'other-space';
  return findExpected(expected, variant) ? undefined : 'other-variant';
}

/** The numbers of an embedding as a fingerprint packs it, of length 1 together. */
export function unpackEmbedding(packed: string): Float32Array {
  return normalize(Float32Array.from(new Int8Array(Buffer.from(packed, 'base64'))));
}

/** How sure each taught tag is of an image, by what is kept of it alone; nothing of tags that can't be told of it. */
export function scoreStored(tags: readonly StoredTag[], image: SeenImage): TaughtScore[] {
  return tags.flatMap((tag) => {
    if (whyUntold(tag, image)) return [];
    const { weights, bias } = tag.head;
    const score = scoreOf(
      { weights: Float32Array.from(weights), bias },
      unpackEmbedding(image.fingerprint!.embedding!),
    );
    const known = findExpected(tag.expected, image.variant)!;
    return [{ name: tag.name, confidence: confidenceOf(known, score), shown: known.shown, sure: known.sure }];
  });
}

function findExpected(expected: StoredTag['expected'], variant: string | undefined): Expected | undefined {
  return variant !== undefined && Object.hasOwn(expected, variant) ? expected[variant] : undefined;
}
