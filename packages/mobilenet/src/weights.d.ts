import { type Layer } from './architecture.ts';
/** A layer's filters and biases, batch norm folded in. */
export interface LayerWeights {
    /** Output channels, input channels (1 for a depthwise layer), height, width: row by row. */
    filters: Float32Array;
    /** One an output channel. */
    biases: Float32Array;
}
/** The same before the filters were multiplied, which ONNX Runtime does when it loads a network, faster than it could be done here. */
export interface ScaledWeights {
    /** As they are stored. */
    filters: Float16Array | Float32Array;
    /** To multiply them by, one an output channel; nothing if absent. */
    scales?: Float32Array;
    biases: Float32Array;
}
/** By layer name. */
export type Weights = ReadonlyMap<string, LayerWeights>;
export interface BatchNorm {
    weight: Float32Array;
    bias: Float32Array;
    runningMean: Float32Array;
    runningVar: Float32Array;
    epsilon: number;
}
/**
 * What a batch norm makes of the convolution before it: y = (Wx - mean) · weight / sqrt(var + epsilon) + bias is one
 * convolution with scaled filters and a bias.
 */
export declare function batchNormScales({ weight, bias, runningMean, runningVar, epsilon }: BatchNorm): {
    scales: Float32Array<ArrayBuffer>;
    biases: Float32Array<ArrayBuffer>;
};
/** Multiplies a layer's filters by their scales. */
export declare function foldBatchNorm({ filters, scales, biases }: ScaledWeights): LayerWeights;
/**
 * Random filters of variance 2 / fan-in (He et al., arXiv 1502.01852), which keep the size of the activations from layer
 * to layer, so that a network can be timed without weights: neither infinities nor denormals arise.
 *
 * @param random uniform in [0, 1).
 */
export declare function randomWeights(layers: readonly Layer[], random: () => number): Weights;
