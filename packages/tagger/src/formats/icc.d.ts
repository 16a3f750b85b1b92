import type { RgbPixels } from '../pixels/scaling.ts';
/**
 * Changes a picture into sRGB by its colour profile. libvips takes a profile from a file only: so it gets one.
 *
 * @returns the picture as it is, if the profile is none of red, green and blue.
 */
export declare function throughProfile(picture: RgbPixels, profile: Buffer): Promise<RgbPixels>;
