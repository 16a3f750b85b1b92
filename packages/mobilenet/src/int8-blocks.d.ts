import { type Layer } from './architecture.ts';
import { type QuantizedLayer, type QuantizedNetwork } from './quantized.ts';
/** Pixels of a row that the stem takes together. */
export declare const GROUP = 4;
export interface WeightedLayer extends Layer {
    weights: QuantizedLayer;
}
/**
 * The same layers with channels in whole blocks: those that are added are zero, and nothing is made of them. The stem has 8 channels at
 * alpha 0.25, and 24 at 0.75.
 *
 * @throws {TagmillError} `invalid-model` if a layer's weights are missing or don't fit.
 */
export declare function inBlocks(layers: readonly Layer[], network: QuantizedNetwork): WeightedLayer[];
/**
 * The stem's filters for groups of four pixels, which the stem's stride of two makes two results of: those become channels side by
 * side. What was three channels is twelve, and a row of the picture, or of results, is the same bytes either way.
 *
 * @param before pixels of padding at the left: 0 or 1.
 * @returns filters of [2 x output channels, GROUP x input channels, kernel, 2 groups].
 */
export declare function inGroups({ kernel, stride, inputChannels, outputChannels, weights: { filters, filterScales, biases } }: WeightedLayer, before: number): QuantizedLayer;
