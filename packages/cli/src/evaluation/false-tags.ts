import { TagmillError, type Variant } from '@tagmill/core';
import type { Tagger } from '@tagmill/tagger';
import pMap from 'p-map';
import { expandImagePaths } from '../image-paths.ts';
import { readImage } from '../read-image.ts';

export interface FalseTags {
  images: number;
  /** Tags an image has on average; all of them are wrong. */
  perImage: number;
  /** The share of images that have any. */
  share: number;
  /** The share of images that have any from the variant's own threshold on, where it has one. */
  sureShare?: number;
}

/** Photos that show none of the labels. */
export async function filesWithoutLabels(directory: string): Promise<string[]> {
  const { files } = await expandImagePaths([directory]);
  if (files.length === 0) throw new TagmillError('invalid-argument', `No images in ${directory}`);
  return files;
}

/**
 * Counts what a variant says of photos that show none of its labels.
 *
 * @param tagger that gives every tag above its threshold.
 * @throws {TagmillError} if one of the files can't be tagged.
 */
export async function falseTags(tagger: Tagger, variant: Variant, files: readonly string[]): Promise<FalseTags> {
  const found = await pMap(
    files,
    async (file) => (await tagger.tag(await readImage(file, tagger.limits), variant)).tags,
    { concurrency: 4 },
  );
  const shareFrom = (least: number) =>
    found.filter((tags) => tags.some(({ confidence }) => confidence >= least)).length / files.length;
  return {
    images: files.length,
    perImage: found.reduce((sum, { length }) => sum + length, 0) / files.length,
    share: shareFrom(0),
    ...(variant.sureFrom !== undefined && { sureShare: shareFrom(variant.sureFrom) }),
  };
}
