/** `BuiltinOperator` of the schema, as far as the publisher's MobileNets use it. */
declare const OPERATORS: {
    readonly 0: 'add';
    readonly 1: 'average-pool';
    readonly 3: 'convolution';
    readonly 4: 'depthwise-convolution';
    readonly 9: 'fully-connected';
    readonly 22: 'reshape';
    readonly 25: 'softmax';
    readonly 40: 'mean';
    readonly 43: 'squeeze';
    readonly 114: 'quantize';
};
declare const PADDINGS: readonly ['same', 'valid'];
declare const ACTIVATIONS: {
    readonly 0: 'none';
    readonly 1: 'relu';
    readonly 3: 'relu6';
};
export interface TfliteTensor {
    name: string;
    shape: number[];
    type: 'float32' | 'int32' | 'uint8' | 'int8' | 'other';
    /**
     * A byte q stands for (q - zeroPoint) · scale; absent where the tensor isn't quantized. More than one scale: one an output channel,
     * around zero.
     */
    quantization?: {
        scales: readonly number[];
        zeroPoint: number;
    };
    /** Its constant elements, little-endian; empty for what is computed. */
    data: Uint8Array;
}
export interface TfliteOperator {
    kind: (typeof OPERATORS)[keyof typeof OPERATORS] | 'other';
    /** For messages. */
    name: string;
    inputs: TfliteTensor[];
    outputs: TfliteTensor[];
    /** Of convolutions and pools. */
    padding?: (typeof PADDINGS)[number];
    stride?: {
        height: number;
        width: number;
    };
    activation?: (typeof ACTIVATIONS)[keyof typeof ACTIVATIONS] | 'other';
}
export interface TfliteModel {
    inputs: TfliteTensor[];
    /** In the order that they run. */
    operators: TfliteOperator[];
}
/**
 * Reads a `.tflite` file. The numbers of fields are those of TensorFlow Lite's schema, version 3
 * (https://github.com/tensorflow/tensorflow/blob/master/tensorflow/compiler/mlir/lite/schema/schema.fbs).
 *
 * @throws {TagmillError} `invalid-model` if it is not such a file, or is cut off.
 */
export declare function readTflite(bytes: Uint8Array): TfliteModel;
export {};
