import type { LayerWeights } from './weights.ts';
/** Filters as signed bytes around zero, with a scale for each output channel. */
export interface FilterBytes {
    filters: Int8Array;
    /** Zero where a channel's filters are all zero. */
    scales: Float32Array;
}
/** The bytes closest to a layer's filters: each channel's largest becomes 127 or -127. */
export declare function quantizeFilters({ filters, biases }: LayerWeights): FilterBytes;
/** The largest magnitude. */
export declare function filterRange(filters: Float32Array): number;
