import { type ImageRecord, TagmillError, type Variant } from '@tagmill/core';
import { expandImagePaths, readImage } from '@tagmill/image-files';
import { NO_RULES } from '@tagmill/rules/name-labels';
import type { Tagger } from '@tagmill/tagger';
import pMap from 'p-map';

export interface FalseTags {
  images: number;
  /** Tags an image has on average, as they are shown by default; all of them are wrong. */
  perImage: number;
  /** The share of images that have any. */
  share: number;
  /** The share of images that have any at 50% or more. */
  shareAtHalf: number;
  /** The share of images that have a sure one, where it was measured when the variant is sure. */
  sureShare?: number;
}

/** Photos that show none of the labels. */
export async function filesWithoutLabels(directory: string): Promise<string[]> {
  const { files } = await expandImagePaths([directory]);
  if (files.length === 0) throw new TagmillError('invalid-argument', `No images in ${directory}`);
  return files;
}

/**
 * Counts a variant's tags on photos that show none of its labels.
 *
 * @param tagger with the default thresholds.
 * @param options.isMeasured whether it knows when the variant is sure.
 * @throws {TagmillError} if one of the files can't be tagged.
 */
export async function falseTags(
  tagger: Tagger,
  { variant, isMeasured }: { variant: Variant; isMeasured: boolean },
  files: readonly string[],
): Promise<FalseTags> {
  const found = await pMap(
    files,
    async (file) => {
      const { tags, scores } = await tagger.tag(await readImage(file, tagger.limits), variant);
      const sure = isMeasured ? await tagger.rename({ ...scores, minConfidence: 'sure' }, NO_RULES) : undefined;
      return { tags, sure: sure?.tags ?? [] };
    },
    { concurrency: 4 },
  );
  const shareOf = (has: (each: { tags: ImageRecord['tags']; sure: ImageRecord['tags'] }) => boolean) =>
    found.filter(has).length / files.length;
  return {
    images: files.length,
    perImage: found.reduce((sum, { tags }) => sum + tags.length, 0) / files.length,
    share: shareOf(({ tags }) => tags.length > 0),
    shareAtHalf: shareOf(({ tags }) => tags.some(({ confidence }) => confidence >= 0.5)),
    ...(isMeasured && { sureShare: shareOf(({ sure }) => sure.length > 0) }),
  };
}
