import type { Layer } from './architecture.ts';
import type { FilterBytes } from './filter-bytes.ts';
import type { LayerWeights } from './weights.ts';
/**
 * Biases that make up for what the filters' rounding changes in a layer's output on average: less the rounding errors times the
 * means of what comes in (bias correction, Nagel et al., arXiv 1906.04721, section 4.2).
 *
 * @param means of each input channel.
 */
export declare function correctedBiases(layer: Layer, { filters, biases }: LayerWeights, { filters: bytes, scales }: FilterBytes, means: Float32Array): Float32Array;
