import type { QuantizedNetwork } from './quantized.ts';
import { type TfliteNetwork } from './tflite-network.ts';
import type { Weights } from './weights.ts';
/** Its weights as the numbers that they stand for. */
export declare function floatWeights({ layers, operators }: TfliteNetwork): Weights;
/**
 * Its weights and activations in the file's own whole numbers, but for filters that reach too far for a signed byte around zero:
 * see {@link aroundZero}.
 *
 * @throws {TagmillError} `invalid-model` naming the layer that is not quantized as TensorFlow Lite has it.
 */
export declare function quantizedWeights({ input, layers, operators, sums, pooled }: TfliteNetwork): QuantizedNetwork;
