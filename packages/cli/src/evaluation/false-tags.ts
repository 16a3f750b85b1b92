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
  const tags = await pMap(
    files,
    async (file) => (await tagger.tag(await readImage(file, tagger.limits), variant)).tags.length,
    { concurrency: 4 },
  );
  return {
    images: files.length,
    perImage: tags.reduce((sum, count) => sum + count, 0) / files.length,
    share: tags.filter((count) => count > 0).length / files.length,
  };
}
