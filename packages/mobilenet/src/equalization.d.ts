import type { Layer } from './architecture.ts';
import type { LayerWeights, Weights } from './weights.ts';
/**
 * By how much each channel of each layer is divided so that a layer's channels, which share one activation scale, use it
 * alike. After a ReLU nothing changes if the next layer's filters for that channel are multiplied by as much: ReLU(x / s) · s
 * is ReLU(x) (cross-layer equalization, Nagel et al., arXiv 1906.04721, section 4.1).
 *
 * There both ranges are those of filters. With a filter scale for each output channel and ranges of activations known, it is the
 * activations that have to be evened out. Before a depthwise layer that costs nothing, its filters being scaled by channel
 * as well: s is the channel's largest activation. Before a pointwise layer or the classifier an output's filters share a scale,
 * and s = sqrt(activation / filters) shares the unevenness between both (arXiv 2211.10438, equation 4, with an exponent of 1/2).
 *
 * @param maxima the largest activation of each channel, by layer.
 */
export declare function equalizationFactors(layers: readonly Layer[], weights: Weights, maxima: ReadonlyMap<string, Float32Array>): Map<string, Float32Array>;
/** The same network with its channels divided by such factors. */
export declare function equalizeChannels(layers: readonly Layer[], weights: Weights, factors: ReadonlyMap<string, Float32Array>): Map<string, LayerWeights>;
