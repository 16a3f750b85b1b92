import { type EverydayOptions } from './everyday.ts';
import type { Quantization } from './quantized.ts';
/**
 * The closest whole zero point to the 127.5 that the network was trained with; the stem's biases hold the difference. Only
 * padding, which stands for half a byte less, isn't exactly what it was.
 */
export declare const EVERYDAY_PIXELS: Quantization;
/** The tensor of the largest value that each layer and then the pool gives, in the order of the layers. */
export declare const MAXIMA = "maxima";
/**
 * Builds the ONNX model of this project's own weights in 8-bit whole numbers: a safetensors file of `NAME.filters` (I8, shared
 * by the resolutions), `at96.NAME.scales` and `at96.NAME.biases` for `stem`, `block1..13.{depthwise,pointwise}` and `classifier`,
 * `at96.maxima`, as `quantizeEveryday` makes it. A label's calibration is in the classifier's scales and biases.
 *
 * @returns a model as {@link writeQuantizedOnnx} describes it.
 * @throws {TagmillError} `invalid-model` if a tensor is missing or doesn't fit the width.
 */
export declare function buildEverydayInt8(file: Uint8Array, { alpha, resolution }: EverydayOptions): Uint8Array;
