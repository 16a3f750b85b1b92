import type { Outcome } from '@tagmill/core';
import type { TagStoreOptions } from './types.ts';
export interface TagStatistics {
    images: number;
    byOutcome: Record<Outcome, number>;
    /** Images that a variant looked at. */
    byVariant: Record<string, number>;
    /** Of an image's own processing, `timings.totalMs`; absent if no image has any. */
    latencyMs?: {
        p50: number;
        p90: number;
        p99: number;
        max: number;
    };
    budget: {
        met: number;
        missed: number;
    };
}
/**
 * Counts what is in the table, by reading the whole index `by-outcome`: no counter that a redelivery could bump twice.
 * About 330 bytes an image, so a million images take some 40,000 read units (half a US cent) and several seconds. Images being
 * written at that time may or may not count.
 */
export declare function readTagStatistics(options: TagStoreOptions): Promise<TagStatistics>;
export interface TagCount {
    name: string;
    /** Images. */
    count: number;
}
/** What images can be narrowed to, with how many there are of each. */
export interface FacetCounts {
    /** Every tag that images are found by, most images first, then by name. */
    tags: TagCount[];
    /** Months that photos were taken in, such as `2009-06`, the latest first. */
    months: {
        month: string;
        count: number;
    }[];
    /** Folders, without a slash at their ends, by name; with those below them. Entries without a key (docs/decisions/11-query.md) are in none. */
    folders: {
        folder: string;
        count: number;
    }[];
}
/** Counted like {@link readTagStatistics}, at its cost. */
export declare function countFacets(options: TagStoreOptions): Promise<FacetCounts>;
