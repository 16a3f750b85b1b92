import { createHash } from 'node:crypto';
import type { Preprocessing, Variant } from '@tagmill/core';
import { decodeCrops, type ImageLimits, inspect, type SessionPool } from '@tagmill/tagger';
import type { Example } from './left-out.ts';
import type { EmbeddingSpace } from './space.ts';
import { meanOf, normalize } from './vectors.ts';

export interface Looking {
  space: EmbeddingSpace;
  sessions: Pick<SessionPool, 'inferFeatures'>;
  limits: ImageLimits;
}

/** An example photo, and what each variant sees of its centre. */
export interface SeenExample extends Example {
  sha256: string;
  /** By variant. */
  centres: ReadonlyMap<string, Float32Array>;
}

/**
 * Looks at a photo as teaching needs it: with the first variant at its centre and four corners, each of them mirrored as well, and with
 * the others at its centre.
 *
 * @throws {InspectionError} if the photo can't be decoded.
 */
export async function viewExample(
  bytes: Uint8Array,
  variants: readonly [Variant, ...Variant[]],
  { space, sessions, limits }: Looking,
): Promise<SeenExample> {
  const header = await inspect(bytes, limits);
  const pictures = new Map<string, Promise<Uint8Array>>();
  const cropsFor = (preprocessing: Preprocessing) => {
    const key = JSON.stringify(preprocessing);
    const crops = pictures.get(key) ?? decodeCrops(bytes, header, preprocessing);
    pictures.set(key, crops);
    return crops;
  };
  const [first] = variants;
  const side = first.preprocessing.inputSize;
  const crops = await cropsFor(first.preprocessing);
  const views = Buffer.concat([crops, mirrored(crops, side)]);
  const count = views.length / (side * side * 3);
  const { features } = await sessions.inferFeatures(first, views, count);
  const channels = features.length / count;
  const embeddings = Array.from({ length: count }, (_, i) =>
    space.embed(first, features.subarray(i * channels, (i + 1) * channels)),
  );
  const centres = new Map([[first.variant, embeddings[0]!]]);
  for (const variant of variants.slice(1)) {
    const { inputSize } = variant.preprocessing;
    const centre = (await cropsFor(variant.preprocessing)).subarray(0, inputSize * inputSize * 3);
    const own = await sessions.inferFeatures(variant, centre);
    centres.set(variant.variant, space.embed(variant, own.features));
  }
  return {
    sha256: createHash('sha256').update(bytes).digest('hex'),
    averaged: normalize(meanOf(embeddings)),
    centre: embeddings[0]!,
    centres,
  };
}

/** Squares of RGB pixels, each seen in a mirror. */
export function mirrored(squares: Uint8Array, side: number): Uint8Array {
  const result = new Uint8Array(squares.length);
  for (let row = 0; row < squares.length; row += side * 3) {
    for (let column = 0; column < side; column++) {
      const from = row + column * 3;
      result.set(squares.subarray(from, from + 3), row + (side - 1 - column) * 3);
    }
  }
  return result;
}
