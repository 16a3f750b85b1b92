import type { JpegScan } from './jpeg-scan.ts';
/** A side of a block, in pixels. */
export declare const BLOCK = 8;
/** The means of a picture's blocks of 8 x 8 samples. */
export interface JpegMeans {
    /** Minimum coded units, one after the other, and in each luma before chroma: JPEG (ITU-T T.81), A.2. */
    means: Uint8ClampedArray;
    unitsAcross: number;
    unitBlocks: number;
}
/**
 * Reads the mean of each block, which is its DC coefficient over eight, and a half of the range (A.3.1, A.3.3). Of the other
 * coefficients nothing but their bits has to be known.
 *
 * @returns nothing if there is a fault: a block that isn't whole, a marker that isn't at its place, something left over.
 */
export declare function decodeJpegMeans(file: Buffer, scan: JpegScan): JpegMeans | undefined;
