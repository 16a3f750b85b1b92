import type { Quantization, QuantizedLayer } from './quantized.ts';
/**
 * Filters of unsigned bytes around a zero point as signed ones around zero, which ONNX Runtime multiplies in two thirds of the time
 * (docs/experiments/int8.md). A channel whose bytes are within 127 of the zero point keeps its numbers. One that reaches further, as one or
 * two do in most of the publisher's layers, gets as much larger steps, and so numbers that are off by half a step at most.
 *
 * @param bytes an output channel after the other.
 * @param biases one a channel, in units of input scale x `scale`.
 */
export declare function aroundZero(bytes: Uint8Array, { scale, zeroPoint }: Quantization, biases: Int32Array): QuantizedLayer;
