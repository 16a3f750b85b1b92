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
export declare function surestOfCrops(crops: readonly TaughtScore[][]): TaughtScore[];
/**
 * Adds the taught tags that are sure enough to those of the labels, the highest confidence first.
 *
 * @returns at most `topN` tags.
 */
export declare function addTaught<Named extends {
    outcome: 'tagged' | 'empty';
    tags: Tag[];
}>(named: Named, taught: readonly TaughtScore[], { topN, minConfidence }: Pick<ImageScores, 'topN' | 'minConfidence'>): Named;
