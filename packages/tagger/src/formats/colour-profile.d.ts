import type { ImageHeader } from '../inspect.ts';
import type { RgbPixels } from '../pixels/scaling.ts';
/**
 * How to change a JPEG's scaled pixels into sRGB, in place, as colour management does: where its profile consists of a curve for each of
 * red, green and blue, and of the colours that these have. Those of phones, cameras and what edits photos are so.
 *
 * @returns nothing of a file with a profile of another kind.
 */
export declare function colourChange(file: Buffer, { encoding: { colourProfile } }: ImageHeader): ((picture: RgbPixels) => RgbPixels) | undefined;
