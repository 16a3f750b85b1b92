import type { Preprocessing } from '@tagmill/core';
import type { Sharp } from 'sharp';
import { decodeHeic } from './heic.ts';
import type { ImageHeader } from './inspect.ts';
import { decoding, sharp } from './libvips.ts';

/**
 * Decodes an image into a network's input: the first frame, upright, over white, in sRGB, scaled with an antialiased
 * triangle filter.
 *
 * @param header what {@link inspect} said of these bytes.
 * @returns inputSize x inputSize x 3 bytes: RGB, row by row.
 * @throws {TagmillError} `corrupt` if the image is damaged or cut off.
 */
export async function decode(
  bytes: Uint8Array,
  header: ImageHeader,
  { inputSize, fit, centralFraction }: Preprocessing,
): Promise<Uint8Array> {
  return decoding(async () => {
    // Scaled so that the central part is what is wanted, then cut: in this order a JPEG is decoded at a reduced size.
    const scaled = Math.round(inputSize / centralFraction);
    const margin = Math.floor((scaled - inputSize) / 2);
    const image = await source(bytes, header);
    return image
      .autoOrient()
      .resize(scaled, scaled, { fit: fit === 'squash' ? 'fill' : 'cover', kernel: 'linear' })
      .extract({ left: margin, top: margin, width: inputSize, height: inputSize })
      .flatten({ background: 'white' })
      .toColourspace('srgb')
      .raw()
      .toBuffer();
  });
}

async function source(bytes: Uint8Array, { format, width, height }: ImageHeader): Promise<Sharp> {
  // The header was held against the limits by now.
  const options = { limitInputPixels: false, sequentialRead: true } as const;
  if (format !== 'heic') return sharp(bytes, { ...options, failOn: 'error', pages: 1 });
  const pixels = await decodeHeic(bytes, { maxPixels: width * height });
  return sharp(pixels.data, { ...options, raw: { width: pixels.width, height: pixels.height, channels: 4 } });
}
