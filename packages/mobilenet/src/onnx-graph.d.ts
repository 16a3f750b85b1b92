type Attribute = number | string | readonly number[];
type Dimension = number | string;
/** `TensorProto.DataType`. */
export declare const DATA_TYPE: {
    readonly float32: 1;
    readonly uint8: 2;
    readonly int8: 3;
    readonly int32: 6;
    readonly int64: 7;
    readonly float16: 10;
};
type Elements = Float32Array | Float16Array | BigInt64Array | Int32Array | Int8Array | Uint8Array;
/**
 * An ONNX graph as it is being put together: each call adds to it and names the value that it gives. Field numbers are those of
 * onnx.proto3 (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3), IR version 8.
 */
export declare class OnnxGraph {
    #private;
    constructor(name: string);
    input(name: string, type: keyof typeof DATA_TYPE, shape: readonly Dimension[]): void;
    output(name: string, type: keyof typeof DATA_TYPE, shape: readonly Dimension[]): void;
    /** A constant of the elements' type; one of the same name is there only once. */
    constant(name: string, dims: readonly number[], data: Elements): string;
    /**
     * One operator with one output, named after the operator and its place unless `output` names it. One of ONNX Runtime's own
     * is called with its domain.
     */
    node(operator: string, input: readonly string[], attributes?: Readonly<Record<string, Attribute>>, output?: string): string;
    encode(): Uint8Array;
}
export {};
