import { type Layer } from './architecture.ts';
import { type Outputs } from './outputs.ts';
import type { ScaledWeights } from './weights.ts';
export interface OnnxOptions {
    layers: readonly Layer[];
    weights: ReadonlyMap<string, ScaledWeights>;
    /** What a byte x becomes: (x - zeroPoint) · scale. */
    inputScale: number;
    inputZeroPoint: number;
    activation: 'relu' | 'relu6';
    /** `symmetric`: one pixel on every side of a 3x3; `tensorflow-same`: at stride 2, none at the top and left. */
    padding: 'symmetric' | 'tensorflow-same';
    outputs: Outputs;
    /** Gives what each layer but the classifier gives as well: float32 [batch, channels, height, width], by the layer's name. */
    observed?: boolean;
}
/**
 * Writes a network as an ONNX model, float32, with its preprocessing inside.
 *
 * Input `images`: uint8 [batch, R, R, 3], RGB, R the resolution of its first layer. Outputs: `probabilities`, float32 [batch, classes],
 * and `features`, float32 [batch, channels]: what the classifier reads, the last convolution's channels averaged over the picture.
 *
 * @throws {TagmillError} `invalid-model` if a layer's weights are missing or of the wrong length.
 */
export declare function writeOnnx({ layers, weights, outputs, observed, ...options }: OnnxOptions): Uint8Array;
/**
 * Padding as ONNX wants it: top, left, bottom, right. TensorFlow's SAME pads max((out - 1) · stride + DK - in, 0) in all,
 * the odd pixel at the bottom and right (https://www.tensorflow.org/api_docs/python/tf/nn, "Notes on padding").
 */
export declare function padsOf({ kernel, stride, inputSize, outputSize }: Layer, padding: OnnxOptions['padding']): number[];
