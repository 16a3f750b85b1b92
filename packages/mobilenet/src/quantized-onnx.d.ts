import type { Layer } from './architecture.ts';
import { type OnnxOptions } from './onnx.ts';
import { type QuantizedNetwork } from './quantized.ts';
export interface QuantizedOnnxOptions extends Pick<OnnxOptions, 'layers' | 'activation' | 'padding' | 'outputs'> {
    network: QuantizedNetwork;
}
/**
 * Writes a quantized network as an ONNX model that computes in 8-bit whole numbers from the pixels to the classifier, whose
 * logits are floats.
 *
 * Input `images`: uint8 [batch, R, R, 3], RGB, R the resolution of its first layer. Outputs: `probabilities`, float32 [batch, classes],
 * and `features`, float32 [batch, channels]: what the bytes that the classifier reads stand for.
 *
 * @throws {TagmillError} `invalid-model` if a layer's weights or an activation's quantization are missing or don't fit.
 */
export declare function writeQuantizedOnnx({ network, outputs, ...options }: QuantizedOnnxOptions): Uint8Array;
/** The name of what a layer gives once the output of another was added. */
export declare function sumName({ name }: Pick<Layer, 'name'>): string;
