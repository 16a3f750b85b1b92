import type { ImageHeader } from './inspect.ts';
import type { Scaling } from './scaling.ts';

/**
 * By how much a JPEG, as it is stored, is reduced to a size: less than 1 where it would be enlarged.
 *
 * @returns nothing of other formats, and of a progressive one, which libvips holds to its limits.
 */
export function baselineJpegFactor(
  { format, width, height, encoding }: ImageHeader,
  { width: wantedWidth, height: wantedHeight, fit }: Scaling,
): number | undefined {
  if (format !== 'jpeg' || encoding.progressive) return undefined;
  const [storedWidth, storedHeight] = encoding.orientation < 5 ? [width, height] : [height, width];
  const factors = [storedWidth / wantedWidth, storedHeight / wantedHeight];
  return fit === 'inside' ? Math.max(...factors, 1) : Math.min(...factors);
}
