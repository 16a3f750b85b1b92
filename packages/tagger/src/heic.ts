import { TagmillError } from '@tagmill/core';

export interface RgbaPixels {
  /** width x height x 4 bytes, row by row. */
  data: Uint8ClampedArray;
  width: number;
  height: number;
}

/**
 * Decodes the primary image of a HEIC file, upright: libheif applies the rotation that the file asks for.
 *
 * sharp's prebuilt libvips lacks HEVC, so this is libheif in WebAssembly, loaded when the first such image arrives.
 *
 * @param options.maxPixels what the header said, which the limits were held against.
 * @throws {TagmillError} `corrupt`.
 */
export async function decodeHeic(bytes: Uint8Array, { maxPixels }: { maxPixels: number }): Promise<RgbaPixels> {
  const { default: libheif } = await import('libheif-js/wasm-bundle.js');
  await libheif.ready;
  const decoder = new libheif.HeifDecoder();
  const images = decoder.decode(bytes);
  const image = images.find((candidate) => candidate.is_primary()) ?? images[0];
  if (!image) throw new TagmillError('corrupt', 'The HEIC file holds no image');
  try {
    const [width, height] = [image.get_width(), image.get_height()];
    if (width * height > maxPixels) throw new TagmillError('corrupt', 'The HEIC image is larger than its header says');
    const data = new Uint8ClampedArray(width * height * 4);
    const displayed = await new Promise((resolve) => image.display({ data, width, height }, resolve));
    if (!displayed) throw new TagmillError('corrupt', 'The HEIC image cannot be decoded');
    return { data, width, height };
  } finally {
    for (const each of images) each.free();
    decoder.decoder?.delete?.();
  }
}
