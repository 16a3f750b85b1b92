import type { ImageScores, Tag, Variant } from '@tagmill/core';

/** How sure a taught tag is of an image, and from which confidence it is shown. */
export interface TaughtScore {
  name: string;
  /** 0 to 1. */
  confidence: number;
  shown: number;
  /** Null where no confidence is sure. */
  sure: number | null;
}

/** Tags that a person taught with examples. */
export interface TaughtTags {
  /** Whether there are any for this variant: only then are its features asked for. */
  appliesTo(variant: Variant): boolean;
  /**
   * How sure each of them is of an image.
   *
   * @param features what the variant's classifier reads of it.
   */
  scores(variant: Variant, features: Float32Array): TaughtScore[];
}

/** Over several crops, the highest confidence of each tag. */
export function surestOfCrops(crops: readonly TaughtScore[][]): TaughtScore[] {
  const [first = [], ...others] = crops;
  return first.map((score, i) =>
    others.reduce((surest, crop) => (crop[i]!.confidence > surest.confidence ? crop[i]! : surest), score),
  );
}

/**
 * Adds the taught tags that are sure enough to those of the labels, the highest confidence first.
 *
 * @returns at most `topN` tags.
 */
export function addTaught<Named extends { outcome: 'tagged' | 'empty'; tags: Tag[] }>(
  named: Named,
  taught: readonly TaughtScore[],
  { topN, minConfidence }: Pick<ImageScores, 'topN' | 'minConfidence'>,
): Named {
  const added = taught.filter((score) => score.confidence >= chooseLeast(score, minConfidence)).map(toTag);
  if (added.length === 0) return named;
  const tags = [...named.tags, ...added].sort((a, b) => b.confidence - a.confidence).slice(0, topN);
  return { ...named, outcome: 'tagged', tags };
}

function chooseLeast({ shown, sure }: TaughtScore, minConfidence: ImageScores['minConfidence']): number {
  if (typeof minConfidence === 'number') return minConfidence;
  return minConfidence === 'sure' ? (sure ?? Infinity) : shown;
}

function toTag({ name, confidence }: TaughtScore): Tag {
  return { name, confidence: Math.round(confidence * 1e4) / 1e4, parents: [], source: 'taught' };
}
