import type { RgbPixels } from './scaling.ts';
/**
 * Cuts a square out of a picture.
 *
 * @returns side x side x 3 bytes.
 */
export declare function cutSquare({ data, width }: RgbPixels, left: number, top: number, side: number): Uint8Array;
