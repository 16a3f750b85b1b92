import { type ColourSpace } from './coded-colours.ts';
/**
 * The colours that a PNG tells by its chunks, where neither a profile nor sRGB does: PNG (third edition), 11.3.2 and 4.3, by whose order
 * cICP comes first, then iCCP, sRGB, and gAMA with cHRM.
 */
export declare function readPngColours(bytes: Uint8Array): ColourSpace | undefined;
