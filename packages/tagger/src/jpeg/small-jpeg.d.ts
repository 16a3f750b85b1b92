import type { ImageHeader } from '../inspect.ts';
import type { RgbPixels, Scaling } from '../pixels/scaling.ts';
/** Whether {@link decodeSmallJpeg} may be asked: libvips enlarges in its own way. */
export declare function isSmallJpeg(header: ImageHeader, scaling: Scaling): boolean;
/**
 * Decodes a small JPEG at a size, with libjpeg-turbo and nothing around it: libvips' pipeline takes five times as long as both steps.
 *
 * @returns nothing if libjpeg-turbo had anything to say, were it a warning, or the colour profile is of an unusual kind: then it is
 * libvips that judges.
 */
export declare function decodeSmallJpeg(bytes: Uint8Array, header: ImageHeader, scaling: Scaling): Promise<RgbPixels | undefined>;
