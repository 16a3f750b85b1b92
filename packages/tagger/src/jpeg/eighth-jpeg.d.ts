import type { ImageHeader } from '../inspect.ts';
import type { RgbPixels, Scaling } from '../pixels/scaling.ts';
/** Whether {@link decodeEighthJpeg} may be asked: the picture is reduced enough, and needs nothing that only libvips does. */
export declare function isEighthJpeg(header: ImageHeader, scaling: Scaling): boolean;
/**
 * Decodes a large JPEG at a small size, from the means of its blocks: it takes half as long as libvips, which decodes it at an eighth, too.
 *
 * @returns nothing if the file is of another kind than {@link readJpegScan} reads, or has a fault: then it is libvips that judges.
 */
export declare function decodeEighthJpeg(bytes: Uint8Array, header: ImageHeader, scaling: Scaling): RgbPixels | undefined;
