import type { ImageFormat } from '@tagmill/core';
import type { Metadata } from 'sharp';
import { partialFrame } from '../formats/gif-frame.ts';
import { readHevcChroma } from '../formats/hevc-chroma.ts';
import { tiffSamples } from '../formats/tiff-picture.ts';

/** More than this is never spent on decoding one image, and that only on one at a time: see docs/decisions/22-decoding-limits.md. */
export const MAX_DECODING_BYTES = 672 * 2 ** 20;

/** What an image may take to be decoded side by side with others. */
export const LIGHT_DECODING_BYTES = 64 * 2 ** 20;

/** What the libraries work with, however small the picture. */
const WORKING_BYTES = 8 * 2 ** 20;

/** libvips holds up to so many rows of a picture that it scales as they come, and a low picture twice. */
const ROWS_HELD = 1280;

/** What the memory depends on, as sharp reads it in a header. */
export type DecodingFacts = Pick<Metadata, 'width' | 'height' | 'channels' | 'hasAlpha'> &
  Partial<Pick<Metadata, 'bitsPerSample' | 'chromaSubsampling' | 'isProgressive'>>;

/**
 * Estimates, from above, the memory that decoding takes.
 *
 * Some decoders hold the whole picture; the others give row after row, and a baseline JPEG those of a reduced size.
 *
 * @param metadata what sharp read in the header of these bytes.
 * @returns bytes. The factors are measured: see docs/experiments/decoding.md.
 *
 * @example
 * decodingBytes(bytes, 'png', { width: 4000, height: 3000, channels: 3, … }) // 23_748_608
 */
export function decodingBytes(bytes: Uint8Array, format: ImageFormat, metadata: DecodingFacts): number {
  const { width, height, channels, bitsPerSample = 8 } = metadata;
  const bytesPerSample = Math.ceil(bitsPerSample / 8);
  const rows = format === 'jpeg' ? 0 : width * Math.min(2 * height, ROWS_HELD) * channels * bytesPerSample;
  return WORKING_BYTES + rows + Math.ceil(width * height * heldBytesPerPixel(bytes, format, metadata));
}

function heldBytesPerPixel(
  bytes: Uint8Array,
  format: ImageFormat,
  { channels, hasAlpha, bitsPerSample = 8, chromaSubsampling, isProgressive }: DecodingFacts,
): number {
  const bytesPerSample = Math.ceil(bitsPerSample / 8);
  const isDeep = bytesPerSample > 1;
  switch (format) {
    case 'jpeg': // Progressive: of several scans. The coefficients are held, two bytes each.
      if (!isProgressive) return 0;
      return 2.1 * (chromaSubsampling === '4:2:0' ? 1.5 : channels);
    case 'png': // Progressive: interlaced.
      return isProgressive ? channels * bytesPerSample : 0;
    case 'tiff': // A row of tiles, which may be as tall as the picture.
      // All samples and what they become, where libvips leaves it to us to understand them.
      return channels * bytesPerSample + (tiffSamples(bytes) ? channels * bytesPerSample + 3 : 0);
    case 'webp': // If it is lossless, which sharp doesn't tell.
      return 4;
    case 'gif': // With what lies around a frame that doesn't cover the picture.
      return partialFrame(bytes) ? 9 : 5;
    case 'heic':
      return (isDeep ? 16 : 13) + (readHevcChroma(bytes) === '4:2:0' ? 0 : 5) + (hasAlpha ? 3 : 0);
    case 'avif': // If its chroma isn't subsampled, which sharp doesn't tell.
      return isDeep ? 25 : 19;
  }
}
