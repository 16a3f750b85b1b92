import type { ImageHeader } from '../inspect.ts';
import { toDisplayedSize } from '../pixels/orientation.ts';
import type { Scaling } from '../pixels/scaling.ts';

/**
 * By how much a JPEG, as it is stored, is reduced to a size: less than 1 where it would be enlarged.
 *
 * @returns nothing of other formats, and of a progressive one, which libvips holds to its limits.
 */
export function baselineJpegFactor(
  { format, width, height, encoding }: ImageHeader,
  { fit, ...wanted }: Scaling,
): number | undefined {
  if (format !== 'jpeg' || encoding.progressive) return undefined;
  const stored = toDisplayedSize({ width, height }, encoding.orientation);
  const factors = [stored.width / wanted.width, stored.height / wanted.height];
  return fit === 'inside' ? Math.max(...factors, 1) : Math.min(...factors);
}
