import type { ImageRecord } from '@tagmill/core';
import type { LabelledPhoto } from './labelled-photos.ts';

/** What is right of the tags that are shown. */
export interface ShownTags {
  /** The share of right tags among those that are known to be right or wrong; undefined if there are none. */
  precision?: number;
  /** Tags a photo has on average. */
  perImage: number;
  /** The share of photos that have any. */
  coverage: number;
  /** The share of photos that have a right one. */
  rightCoverage: number;
  /** The share of photos whose first tag is right, and a label. */
  firstRight: number;
}

/**
 * Judges the tags of photos.
 *
 * @param tags photo by photo.
 * @param labels names of labels: what else is shown is a broader tag.
 */
export function judgeShown(
  photos: readonly LabelledPhoto[],
  tags: readonly ImageRecord['tags'][],
  labels: ReadonlySet<string>,
): ShownTags {
  const judged = tags.map((some, i) => some.map(({ name }) => ({ name, isRight: photos[i]!.isOn(name) })));
  const all = judged.flat();
  const right = all.filter(({ isRight }) => isRight === true).length;
  const known = all.filter(({ isRight }) => isRight !== undefined).length;
  const shareOf = (has: (each: (typeof judged)[number]) => boolean) => judged.filter(has).length / photos.length;
  return {
    ...(known > 0 && { precision: right / known }),
    perImage: all.length / photos.length,
    coverage: shareOf((some) => some.length > 0),
    rightCoverage: shareOf((some) => some.some(({ isRight }) => isRight)),
    firstRight: shareOf(([first]) => first?.isRight === true && labels.has(first.name)),
  };
}
