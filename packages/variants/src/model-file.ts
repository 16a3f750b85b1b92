import { createHash } from 'node:crypto';
import { TagmillError, type Variant } from '@tagmill/core';
import { buildEveryday, buildEverydayInt8 } from '@tagmill/mobilenet';
import { readBytes } from './read-bytes.ts';

/**
 * A variant's ONNX model: uint8 NHWC images in, probabilities out.
 *
 * @throws {TagmillError} `invalid-catalogue` if its file can't be read, `checksum-mismatch` if that is not the one that the
 * catalogue describes.
 */
export async function loadOnnx(variant: Variant): Promise<Uint8Array> {
  const bytes = await readBytes(variant.file);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== variant.sha256) {
    throw new TagmillError(
      'checksum-mismatch',
      `${variant.file} is not what the catalogue describes for ${variant.variant}: SHA-256 ${sha256}, expected ${variant.sha256}`,
    );
  }
  if (variant.file.endsWith('.onnx')) return bytes;
  return variant.precision === 'int8' ? buildEverydayInt8(bytes, variant) : buildEveryday(bytes, variant);
}
