import type { Fingerprint, Variant } from '@tagmill/core';
import { readLuma } from './luma.ts';
import { perceptualHash } from './perceptual-hash.ts';
import { measureSharpness } from './sharpness.ts';

/** What makes embeddings of features. */
export interface Embedder {
  /** Names the space that they lie in. */
  readonly id: string;
  /** Whether it has a place for a variant's features. */
  holds(variant: Variant): boolean;
  /**
   * The embedding of an image.
   *
   * @param features what the variant's classifier reads of it.
   * @returns numbers of length 1 together.
   */
  embed(variant: Variant, features: Float32Array): Float32Array;
}

/** An embedding, and the space that it lies in. */
export interface Embedding {
  space: string;
  numbers: Float32Array;
}

/** Since an embedding has length 1, no number of it is beyond 1. */
const BYTE_OF_ONE = 127;

/**
 * A signed byte a dimension. The unit is the same for all embeddings, so products of packed ones can be compared as they are, and
 * most bytes are small, which makes them cheap to store.
 *
 * @example
 * packEmbedding(Float32Array.of(0.6, -0.8)); // Int8Array [76, -102]
 */
export function packEmbedding(numbers: Float32Array): Int8Array {
  const packed = new Int8Array(numbers.length);
  // A loop: Int8Array.from takes as long as the projection.
  for (let i = 0; i < packed.length; i++) packed[i] = Math.round(numbers[i]! * BYTE_OF_ONE);
  return packed;
}

/**
 * What is kept of an image's looks.
 *
 * @param pixels a network's input, side x side x 3 bytes: of several, the first counts.
 */
export function makeFingerprint(pixels: Uint8Array, side: number, embedding: Embedding | undefined): Fingerprint {
  const luma = readLuma(pixels, side);
  return {
    hash: perceptualHash(luma, side),
    sharpness: measureSharpness(luma, side),
    ...(embedding && {
      space: embedding.space,
      embedding: Buffer.from(packEmbedding(embedding.numbers).buffer).toString('base64'),
    }),
  };
}
