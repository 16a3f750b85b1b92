import type { BroaderRule, BroaderTag, Label, Tag } from '@tagmill/core';
import { aboveBroader } from '@tagmill/rules/name-labels';

export interface TagOptions {
  /** At most so many tags, and so many broader ones. */
  topN: number;
  /** Tags less sure than this are left out. */
  minConfidence: number;
  /** Broader tags less sure than this are left out. */
  minBroaderConfidence: number;
  /** By name, of a tag or a broader tag: in place of those. */
  thresholds?: ReadonlyMap<string, number>;
  /** How labels make up a broader tag's confidence; by their sum if absent. */
  broader?: BroaderRule;
  /** What stands above each broader tag, where that is known already. */
  above?: ReadonlyMap<string, string[]>;
}

/** Class 0 of the publisher's ImageNet networks: none of the others. */
const NO_TAG = 'background';

/** Of labels that were combined so far, and one more. */
const COMBINE: Readonly<Record<BroaderRule, (soFar: number, score: number) => number>> = {
  sum: (soFar, score) => soFar + score,
  max: Math.max,
  'noisy-or': (soFar, score) => 1 - (1 - soFar) * (1 - score),
};

/**
 * Turns a network's scores into tags.
 *
 * A broader tag's confidence is made of all labels below it, before any cut: five kinds of dog at 10% each are no tag at a threshold
 * of 20%, and a dog at 50%. Where no label below it is a tag, and nothing narrower, a broader tag that is sure enough is one of the
 * tags itself; else it is among the broader ones. A label that stands above others counts as a broader tag, of itself and them.
 *
 * Over several crops the highest confidence counts: what one crop is sure of, the others don't add to.
 *
 * @param scores one a label, 0 to 1, crop after crop.
 * @returns both highest first; ties in the order of the labels.
 */
export function scoresToTags(
  scores: Float32Array,
  labels: readonly Label[],
  {
    topN,
    minConfidence,
    minBroaderConfidence,
    thresholds,
    broader: rule = 'sum',
    above = aboveBroader(labels),
  }: TagOptions,
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
    if (name === NO_TAG || above.has(name) || confidence < least) return;
    tags.push({ name, confidence: round(confidence), parents });
  });

  const sureEnough = [...broaderConfidences(crops, labels, { rule, above })]
    .filter(([name, confidence]) => confidence >= (thresholds?.get(name) ?? minBroaderConfidence))
    .map(([name, confidence]) => ({ name, confidence: round(confidence), parents: above.get(name)! }));
  const implied = new Set(tags.flatMap(({ parents }) => parents));
  // Narrower ones first: they have more above them.
  for (const each of sureEnough.toSorted((a, b) => b.parents.length - a.parents.length)) {
    if (implied.has(each.name)) continue;
    tags.push(each);
    for (const name of [each.name, ...each.parents]) implied.add(name);
  }
  const said = new Set(tags.map(({ name }) => name));
  const broader = sureEnough
    .filter(({ name }) => !said.has(name))
    .map(({ name, confidence }) => ({ name, confidence }));
  return { tags: highest(tags, topN), broader: highest(broader, topN) };
}

/**
 * How sure a network is of each label and each broader tag.
 *
 * @param scores one a label, 0 to 1, of one crop.
 * @param combining how labels make up a broader tag, and what stands above each of these.
 * @returns by name, 0 to 1.
 */
export function combineConfidences(
  scores: Float32Array,
  labels: readonly Label[],
  combining: { rule: BroaderRule; above: ReadonlyMap<string, string[]> },
): Map<string, number> {
  const own = labels.map(({ name }, i): [string, number] => [name, scores[i]!]);
  return new Map([...own, ...broaderConfidences([scores], labels, combining)]);
}

/** Of each broader tag, 0 to 1. */
function broaderConfidences(
  crops: readonly Float32Array[],
  labels: readonly Label[],
  { rule, above }: { rule: BroaderRule; above: ReadonlyMap<string, string[]> },
): Map<string, number> {
  const highest = new Map<string, number>();
  for (const crop of crops) {
    const found = new Map<string, number>();
    const add = (name: string, score: number) => found.set(name, COMBINE[rule](found.get(name) ?? 0, score));
    labels.forEach(({ name, parents }, i) => {
      if (above.has(name)) add(name, crop[i]!);
      for (const parent of parents) add(parent, crop[i]!);
    });
    for (const [name, confidence] of found)
      highest.set(name, Math.max(highest.get(name) ?? 0, Math.min(confidence, 1)));
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
