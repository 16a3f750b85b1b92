import { TagmillError } from '@tagmill/core';
import { type Layer } from './architecture.ts';
import { type TfliteOperator, type TfliteTensor } from './tflite.ts';
/** A MobileNet as it was found in a `.tflite` file. */
export interface TfliteNetwork {
    network: 'mobilenet-v1' | 'mobilenet-v2';
    /** Width multiplier. */
    alpha: number;
    /** The pixels that go in: [1, S, S, 3]. */
    input: TfliteTensor;
    layers: Layer[];
    /** What computes each layer, by its name; its inputs are the layer before, filters and biases. */
    operators: ReadonlyMap<string, TfliteOperator>;
    /** What layers with a residual give once that was added, by their names. */
    sums: ReadonlyMap<string, TfliteTensor>;
    /** What the average pool gives. */
    pooled: TfliteTensor;
}
/**
 * Reads the publisher's `.tflite` of a MobileNet V1 or V2, float or quantized.
 *
 * @throws {TagmillError} `invalid-model`, naming the layer at which the graph is no MobileNet and how it differs.
 */
export declare function readTfliteNetwork(bytes: Uint8Array): TfliteNetwork;
export declare function notMobileNet(message: string): TagmillError;
