/** A tensor's shape and its elements, row by row. */
export interface TensorData {
    shape: readonly number[];
    data: Float32Array;
}
/** A tensor of a file. */
export interface StoredTensor extends TensorData {
    /** The elements as they are stored; `data` are the same, widened to float32. Either is read when it is first asked for. */
    stored: Float32Array | Float16Array | Int8Array;
}
export type StoredType = 'F32' | 'F16' | 'I8';
/**
 * Reads a safetensors file (https://huggingface.co/docs/safetensors): eight bytes of header length, a JSON header, then
 * the tensors, little-endian.
 *
 * @returns the tensors by name.
 * @throws {TagmillError} `invalid-model` if it is not such a file or holds anything but F32, F16 and I8.
 */
export declare function readSafetensors(bytes: Uint8Array): Map<string, StoredTensor>;
/**
 * What a safetensors file says of itself: texts by name; none if it says nothing.
 *
 * @throws {TagmillError} `invalid-model` if it is not such a file.
 */
export declare function readSafetensorsMetadata(bytes: Uint8Array): Record<string, string>;
/**
 * Writes a safetensors file.
 *
 * @param typeOf how each tensor is stored; as I8, its elements are whole numbers from -128 to 127.
 */
export declare function writeSafetensors(tensors: ReadonlyMap<string, TensorData>, typeOf: (name: string) => StoredType): Uint8Array;
