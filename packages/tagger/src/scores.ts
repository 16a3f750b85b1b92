import type { BroaderTag, Label, Tag } from '@tagmill/core';

export interface TagOptions {
  /** At most so many tags, and so many broader ones. */
  topN: number;
  /** Tags less sure than this are left out. */
  minConfidence: number;
  /** Broader tags less sure than this are left out. */
  minBroaderConfidence: number;
  /** By name, of a tag or a broader tag: in place of those. */
  thresholds?: ReadonlyMap<string, number>;
}

/** Class 0 of the publisher's ImageNet networks: none of the others. */
const NO_TAG = 'background';

/**
 * Turns a network's scores into tags.
 *
 * A broader tag's confidence is the sum over the labels below it, all of them, before any cut: five kinds of dog at 10%
 * each are no tag at a threshold of 20%, and a dog at 50%. Over several crops the highest confidence counts, of a broader tag
 * the highest sum: what one crop is sure of, the others don't add to.
 *
 * @param scores one a label, 0 to 1, crop after crop.
 * @returns both highest first; ties in the order of the labels.
 */
export function scoresToTags(
  scores: Float32Array,
  labels: readonly Label[],
  { topN, minConfidence, minBroaderConfidence, thresholds }: TagOptions,
): { tags: Tag[]; broader: BroaderTag[] } {
  const crops = Array.from({ length: scores.length / labels.length }, (_, crop) =>
    scores.subarray(crop * labels.length, (crop + 1) * labels.length),
  );
  const [first = new Float32Array(), ...others] = crops;
  const best = others.reduce((highest, crop) => highest.map((score, i) => Math.max(score, crop[i]!)), first);
  // Few are so sure that their own threshold has to be looked up.
  const lowest = Math.min(minConfidence, ...(thresholds?.values() ?? []));
  const tags: Tag[] = [];
  best.forEach((confidence, i) => {
    if (confidence < lowest) return;
    const { name, parents } = labels[i]!;
    const least = thresholds?.get(name) ?? minConfidence;
    if (name !== NO_TAG && confidence >= least) tags.push({ name, confidence: round(confidence), parents });
  });
  const broader = [...highestSums(crops, labels)]
    .filter(([name, sum]) => Math.min(sum, 1) >= (thresholds?.get(name) ?? minBroaderConfidence))
    .map(([name, sum]) => ({ name, confidence: round(Math.min(sum, 1)) }));
  return { tags: highest(tags, topN), broader: highest(broader, topN) };
}

function highestSums(crops: readonly Float32Array[], labels: readonly Label[]): Map<string, number> {
  const highest = new Map<string, number>();
  for (const crop of crops) {
    const sums = new Map<string, number>();
    labels.forEach(({ parents }, i) => {
      for (const parent of parents) sums.set(parent, (sums.get(parent) ?? 0) + crop[i]!);
    });
    for (const [name, sum] of sums) highest.set(name, Math.max(highest.get(name) ?? 0, sum));
  }
  return highest;
}

function highest<T extends { confidence: number }>(list: T[], count: number): T[] {
  return list.sort((a, b) => b.confidence - a.confidence).slice(0, count);
}

/** Four decimals: more would be noise, and cost bytes in each record. */
function round(confidence: number): number {
  return Math.round(confidence * 1e4) / 1e4;
}
