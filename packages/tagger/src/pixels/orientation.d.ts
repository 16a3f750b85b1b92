import type { RgbPixels, Size } from './scaling.ts';
/**
 * How EXIF, as a JPEG holds it, says that the picture is stored: 1, if it doesn't.
 *
 * @returns 1 to 8; nothing where it says it in an unusual way, or can't be read.
 */
export declare function readOrientation(bytes: Buffer): number | undefined;
/** The size that a picture of an orientation is stored in, as it is displayed, and the other way round: from 5 on, it lies on its side. */
export declare function toDisplayedSize({ width, height }: Size, orientation: number): Size;
/**
 * Turns a picture upright.
 *
 * @param orientation EXIF's, 1 to 8; any other leaves the picture as it is.
 */
export declare function turnUpright(stored: RgbPixels, orientation: number): RgbPixels;
