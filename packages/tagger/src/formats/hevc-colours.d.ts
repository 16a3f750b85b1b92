import type { CodedColours } from './coded-colours.ts';
/**
 * The colours that an HEVC picture tells by its own sequence parameter set (ITU-T H.265, 7.3.2.2 and E.2.1), as some encoders do in place
 * of a `colr` box.
 *
 * @param configuration content of an `hvcC` box.
 * @throws {RangeError} if it is cut off.
 */
export declare function readHevcColours(configuration: Buffer): CodedColours | undefined;
