import { type Layer } from './architecture.ts';
/** A whole number q stands for (q - zeroPoint) · scale. */
export interface Quantization {
    scale: number;
    zeroPoint: number;
}
/** A layer's filters as signed bytes around zero, and its biases in units of input scale x filter scale. */
export interface QuantizedLayer {
    /** In the order of `LayerWeights`: output channels, input channels, height, width. */
    filters: Int8Array;
    /** One an output channel. */
    filterScales: Float32Array;
    /** One an output channel. */
    biases: Int32Array;
}
/** A network in 8-bit whole numbers: signed filters, unsigned activations. */
export interface QuantizedNetwork {
    /** What a pixel's byte stands for. */
    input: Quantization;
    /** By layer name. */
    weights: ReadonlyMap<string, QuantizedLayer>;
    /** What each layer gives, by its name, its sum with another's by `NAME.sum`, and `pool`; the classifier's logits are floats. */
    activations: ReadonlyMap<string, Quantization>;
}
/**
 * A layer's quantized weights.
 *
 * @throws {TagmillError} `invalid-model` if they are missing or don't fit the layer.
 */
export declare function quantizedLayerOf({ weights }: QuantizedNetwork, layer: Layer): QuantizedLayer;
/**
 * How an activation is quantized.
 *
 * @throws {TagmillError} `invalid-model` if it is missing, or no quantization of unsigned bytes.
 */
export declare function activationOf({ activations }: QuantizedNetwork, name: string): Quantization;
