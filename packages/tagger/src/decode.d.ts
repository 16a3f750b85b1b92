import type { Preprocessing } from '@tagmill/core';
import { type ImageHeader } from './inspect.ts';
import type { RgbPixels, Scaling } from './pixels/scaling.ts';
export interface Isolation {
    /** Whether a process of its own inspects and decodes the image, so that a fault of a decoder's can't end this one. */
    isIsolated?: boolean;
}
/**
 * Decodes an image into a network's input: the first frame, upright, over white, in sRGB, scaled with an antialiased
 * triangle filter.
 *
 * @param header what {@link inspect} said of these bytes.
 * @returns inputSize x inputSize x 3 bytes: RGB, row by row.
 * @throws {InspectionError} `corrupt` if the image is damaged or cut off, `crashed-decoder` if it crashed the decoder twice.
 * @param isolation whether to decode it in a process of its own, whatever it is.
 * @throws {TagmillError} `timeout`.
 */
export declare function decode(bytes: Uint8Array, header: ImageHeader, { inputSize, fit, centralFraction }: Preprocessing, isolation?: Isolation): Promise<Uint8Array>;
/**
 * Decodes an image at a size, not turned yet: see {@link decodeScaledPicture}. What takes much memory, or may take any time, is
 * done in a process of its own, one at a time; the rest here, side by side. Errors carry what is known of the image.
 */
export declare function decodeScaled(bytes: Uint8Array, header: ImageHeader, scaling: Scaling, { isIsolated }?: Isolation): Promise<RgbPixels>;
/** Whether an image is decoded in a process of its own, one at a time, whoever asks. */
export declare function isDecodedApart({ format, encoding }: ImageHeader): boolean;
