import type { LayerWeights } from './weights.ts';

/** The largest magnitude of a filter's byte: -128 is left out, so that both signs reach as far. */
const FILTER_STEPS = 127;

/** Filters as signed bytes around zero, with a scale for each output channel. */
export interface FilterBytes {
  filters: Int8Array;
  /** Zero where a channel's filters are all zero. */
  scales: Float32Array;
}

/** The bytes closest to a layer's filters: each channel's largest becomes 127 or -127. */
export function quantizeFilters({ filters, biases }: LayerWeights): FilterBytes {
  const channels = biases.length;
  const perChannel = filters.length / channels;
  const scales = Float32Array.from({ length: channels }, (_, channel) => {
    return filterRange(filters.subarray(channel * perChannel, (channel + 1) * perChannel)) / FILTER_STEPS;
  });
  const bytes = Int8Array.from(filters, (value, i) => {
    const scale = scales[Math.floor(i / perChannel)]!;
    return scale > 0 ? Math.round(value / scale) : 0;
  });
  return { filters: bytes, scales };
}

/** The largest magnitude. */
export function filterRange(filters: Float32Array): number {
  let range = 0;
  for (const value of filters) range = Math.max(range, Math.abs(value));
  return range;
}
