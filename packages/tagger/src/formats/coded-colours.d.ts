/** Colours that a file tells by code points or chromaticities, where most tell them by a profile or not at all. */
import type { RgbPixels, Size } from '../pixels/scaling.ts';
/** By ITU-T H.273's tables 2 and 3. */
export interface CodedColours {
    primaries: number;
    transfer: number;
}
/** CIE 1931 x and y. */
type Chromaticity = readonly [x: number, y: number];
export interface Chromaticities {
    white: Chromaticity;
    red: Chromaticity;
    green: Chromaticity;
    blue: Chromaticity;
}
/** How samples of 0 to 1 become light, of which 1 is the white of a page, and what colours they are of. */
export interface ColourSpace {
    toLight: (sample: number) => number;
    chromaticities: Chromaticities;
}
/** @returns nothing where the colours are sRGB's, or taken for them. */
export declare function readColourSpace({ primaries, transfer }: CodedColours): ColourSpace | undefined;
/** PNG's gAMA and cHRM: what a sample's light is by a power, and its colours. */
export declare function colourSpaceOfGamma(exponent: number, chromaticities?: Chromaticities): ColourSpace;
/**
 * Changes samples into sRGB. What is brighter than a page's white is white.
 *
 * @param samples three a pixel, of 0 to 65535.
 */
export declare function toSrgb(samples: Uint16Array, { width, height }: Size, space: ColourSpace): RgbPixels;
/**
 * CIELab as TIFF stores it in bytes (TIFF 6.0, section 23): L of 0 to 255, a and b with a sign, under D50.
 *
 * @param pixel gets sRGB of 0 to 1.
 */
export declare function labToSrgb(l: number, a: number, b: number, pixel: number[]): void;
export {};
