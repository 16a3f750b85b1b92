import jpegTurbo from '@julusian/jpeg-turbo';
import { colourChange } from '../formats/colour-profile.ts';
import type { ImageHeader } from '../inspect.ts';
import type { RgbPixels, Scaling, Size } from '../pixels/scaling.ts';
import { TriangleFilter } from '../pixels/triangle-filter.ts';
import { baselineJpegFactor } from './baseline-jpeg.ts';

/** Above this libvips is as fast: it decodes a larger JPEG at a reduced size. Measured: see docs/experiments/speed-ways.md. */
const MAX_PIXELS = 2 ** 20;

/** Those that no picture is in, as many as were ever needed at once. */
const idleFilters: TriangleFilter[] = [];

/** Whether {@link decodeSmallJpeg} may be asked: libvips enlarges in its own way. */
export function isSmallJpeg(header: ImageHeader, scaling: Scaling): boolean {
  const factor = baselineJpegFactor(header, scaling);
  return factor !== undefined && factor >= 1 && header.width * header.height <= MAX_PIXELS;
}

/**
 * Decodes a small JPEG at a size, with libjpeg-turbo and nothing around it: libvips' pipeline takes five times as long as both steps.
 *
 * @returns nothing if libjpeg-turbo had anything to say, were it a warning, or the colour profile is of an unusual kind: then it is
 * libvips that judges.
 */
export async function decodeSmallJpeg(
  bytes: Uint8Array,
  header: ImageHeader,
  scaling: Scaling,
): Promise<RgbPixels | undefined> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const toSrgb = colourChange(file, header);
  if (!toSrgb) return undefined;
  const filter = idleFilters.pop() ?? new TriangleFilter();
  try {
    const size = await decompressed(file, filter.pixels(header));
    return size && toSrgb(filter.scaled(size, scaling));
  } finally {
    idleFilters.push(filter);
  }
}

async function decompressed(file: Buffer, pixels: Buffer): Promise<Size | undefined> {
  try {
    return await jpegTurbo.decompress(file, pixels, { format: jpegTurbo.FORMAT_RGBX });
  } catch {
    return undefined;
  }
}
