import type { RgbPixels, Size } from '../pixels/scaling.ts';
/** A GIF's first frame, and where it lies on the picture (GIF89a, 20). */
export interface GifFrame extends Size {
    left: number;
    top: number;
    /** The file, as if the frame were all of the picture. */
    file: Buffer;
}
/**
 * Finds a first frame that doesn't cover the picture: what it leaves is transparent in every viewer, and black in libnsgif.
 *
 * @returns nothing if it covers it.
 */
export declare function partialFrame(bytes: Uint8Array): GifFrame | undefined;
/** Decodes it where it lies, over white. */
export declare function paintFrame({ file, left, top, width, height }: GifFrame, picture: Size): Promise<RgbPixels>;
