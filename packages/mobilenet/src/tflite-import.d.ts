import { type TfliteNetwork } from './tflite-network.ts';
export interface ImportedNetwork {
    network: TfliteNetwork['network'];
    /** Width multiplier. */
    alpha: number;
    /** Side of the square that goes in, in pixels. */
    resolution: number;
    classes: number;
    /** A model in float32 as `writeOnnx` describes it; of a quantized file, what its bytes stand for. */
    float32: Uint8Array;
    /** A model in the whole numbers of a quantized file, as `writeQuantizedOnnx` describes it. */
    int8?: Uint8Array;
}
/**
 * Turns the publisher's `.tflite` of a MobileNet V1 or V2, float or quantized, into ONNX models.
 *
 * @throws {TagmillError} `invalid-model`, naming the layer at which the graph is no MobileNet and how it differs.
 */
export declare function importTflite(bytes: Uint8Array): ImportedNetwork;
