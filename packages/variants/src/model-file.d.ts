import { type Variant } from '@tagmill/core';
/**
 * A variant's ONNX model: uint8 NHWC images in, probabilities out.
 *
 * @throws {TagmillError} `invalid-catalogue` if its file can't be read, `checksum-mismatch` if that is not the one that the
 * catalogue describes.
 */
export declare function loadOnnx(variant: Variant): Promise<Uint8Array>;
