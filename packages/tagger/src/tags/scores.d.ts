import type { BroaderRule, BroaderTag, Label, Tag } from '@tagmill/core';
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
export declare function scoresToTags(scores: Float32Array, labels: readonly Label[], { topN, minConfidence, minBroaderConfidence, thresholds, broader: rule, above, }: TagOptions): {
    tags: Tag[];
    broader: BroaderTag[];
};
/**
 * How sure a network is of each label and each broader tag.
 *
 * @param scores one a label, 0 to 1, of one crop.
 * @param combining how labels make up a broader tag, and what stands above each of these.
 * @returns by name, 0 to 1.
 */
export declare function combineConfidences(scores: Float32Array, labels: readonly Label[], combining: {
    rule: BroaderRule;
    above: ReadonlyMap<string, string[]>;
}): Map<string, number>;
