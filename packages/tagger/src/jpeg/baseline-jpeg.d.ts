import type { ImageHeader } from '../inspect.ts';
import type { Scaling } from '../pixels/scaling.ts';
/**
 * By how much a JPEG, as it is stored, is reduced to a size: less than 1 where it would be enlarged.
 *
 * @returns nothing of other formats, and of a progressive one, which libvips holds to its limits.
 */
export declare function baselineJpegFactor({ format, width, height, encoding }: ImageHeader, { fit, ...wanted }: Scaling): number | undefined;
