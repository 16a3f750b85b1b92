import jpegTurbo from '@julusian/jpeg-turbo';
import type { ImageHeader } from './inspect.ts';
import type { RgbPixels, Scaling, Size } from './scaling.ts';
import { TriangleFilter } from './triangle-filter.ts';

/** Above this libvips is as fast: it decodes a larger JPEG at a reduced size. Measured: see docs/decisions/speed.md. */
const MAX_PIXELS = 2 ** 20;

/** Those that no picture is in, as many as were ever needed at once. */
const idleFilters: TriangleFilter[] = [];

/**
 * Whether {@link smallJpeg} may be asked: libvips takes colour profiles into account, holds progressive pictures to its limits, and
 * enlarges in its own way.
 */
export function isSmallJpeg({ format, width, height, encoding }: ImageHeader, scaling: Scaling): boolean {
  const isPlain = format === 'jpeg' && !encoding.progressive && !encoding.colourProfile;
  const [storedWidth, storedHeight] = encoding.orientation < 5 ? [width, height] : [height, width];
  const isReduced = scaling.fit === 'inside' || (storedWidth >= scaling.width && storedHeight >= scaling.height);
  return isPlain && isReduced && width * height <= MAX_PIXELS;
}

/**
 * Decodes a small JPEG at a size, with libjpeg-turbo and nothing around it: libvips' pipeline takes five times as long as both steps.
 *
 * @returns nothing if libjpeg-turbo had anything to say, were it a warning: then it is libvips that judges.
 */
export async function smallJpeg(
  bytes: Uint8Array,
  header: ImageHeader,
  scaling: Scaling,
): Promise<RgbPixels | undefined> {
  const filter = idleFilters.pop() ?? new TriangleFilter();
  try {
    const size = await decompressed(bytes, filter.pixels(header));
    return size && filter.scaled(size, scaling);
  } finally {
    idleFilters.push(filter);
  }
}

async function decompressed(bytes: Uint8Array, pixels: Buffer): Promise<Size | undefined> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  try {
    return await jpegTurbo.decompress(file, pixels, { format: jpegTurbo.FORMAT_RGBX });
  } catch {
    return undefined;
  }
}
