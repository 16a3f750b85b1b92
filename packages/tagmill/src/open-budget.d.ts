import type { ImageRecord, Variant } from '@tagmill/core';
import type { Tagger as ImageTagger, Tagging } from '@tagmill/tagger';
/** What tags one image's bytes, whose work began at `startMs` by `performance.now()`. */
export type TagBytes = (bytes: Uint8Array, startMs: number) => Promise<Tagging & Pick<ImageRecord, 'budget'>>;
export interface BudgetOptions {
    tagger: ImageTagger;
    /** To choose from. */
    variants: readonly Variant[];
    /** Of one image. */
    latencyMs: number;
    /** That hold latency profiles. */
    folders: readonly string[];
    maxInFlight: number;
}
/**
 * Loads the variants that a budget may choose, and what predicts their latency on this machine.
 *
 * @returns what tags within the budget, and how many images may be in flight at once without missing it.
 */
export declare function openBudget({ tagger, variants, latencyMs, folders, maxInFlight, }: BudgetOptions): Promise<{
    tagBytes: TagBytes;
    inFlight: number;
}>;
