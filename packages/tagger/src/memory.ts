import type { ImageFormat } from '@tagmill/core';
import type { Metadata } from 'sharp';

/** More than this is never spent on decoding one image, and that only on one at a time: see docs/decisions/decoding.md. */
export const MAX_DECODING_BYTES = 640 * 2 ** 20;

/** What an image may take to be decoded side by side with others. */
export const LIGHT_DECODING_BYTES = 64 * 2 ** 20;

/** libvips holds about so many rows of a picture that it scales down as they come. */
const ROWS_HELD = 1200;

/**
 * Estimates, from above, the memory that decoding takes.
 *
 * Some decoders hold the whole picture; the others give row after row, and a baseline JPEG those of a reduced size.
 *
 * @param metadata what sharp read in the header.
 * @returns bytes. The factors are measured: see docs/decisions/decoding.md.
 *
 * @example
 * decodingBytes('png', { width: 4000, height: 3000, channels: 3, … }) // 14_400_000
 */
export function decodingBytes(format: ImageFormat, metadata: Metadata): number {
  const { width, height, channels, bitsPerSample = 8 } = metadata;
  const bytesPerSample = Math.ceil(bitsPerSample / 8);
  const rows = format === 'jpeg' ? 0 : width * Math.min(height, ROWS_HELD) * channels * bytesPerSample;
  return width * height * heldBytesPerPixel(format, metadata) + rows;
}

function heldBytesPerPixel(
  format: ImageFormat,
  { channels, bitsPerSample = 8, chromaSubsampling, isProgressive }: Metadata,
): number {
  const bytesPerSample = Math.ceil(bitsPerSample / 8);
  switch (format) {
    case 'jpeg': // Progressive: the coefficients, two bytes each.
      if (!isProgressive) return 0;
      return chromaSubsampling === '4:2:0' ? 3 : 2 * channels;
    case 'png': // Progressive: interlaced.
      return isProgressive ? channels * bytesPerSample : 0;
    case 'tiff': // A row of tiles, which may be as tall as the picture.
      return channels * bytesPerSample;
    case 'webp': // If it is lossless, which the header doesn't tell.
      return 4;
    case 'gif':
      return 6;
    case 'heic':
      return bytesPerSample === 1 ? 13 : 18;
    case 'avif':
      return bytesPerSample === 1 ? 19 : 26;
  }
}
