import type { ImageHeader } from '../inspect.ts';
import { type RgbPixels, type Scaling } from './scaling.ts';
/**
 * Decodes the first frame at a size, over white, in sRGB, with an antialiased triangle filter: as it is stored, except that
 * a HEIC is upright already.
 *
 * @param header what was held against the limits.
 * @throws {TagmillError} `corrupt` if the image is damaged or cut off; `timeout`; `unsupported-format` for samples that are none of a
 * picture.
 */
export declare function decodeScaledPicture(given: Uint8Array, header: ImageHeader, scaling: Scaling): Promise<RgbPixels>;
