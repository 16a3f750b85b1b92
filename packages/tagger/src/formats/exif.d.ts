/** EXIF 2.32, 4.6.2: a TIFF, with a name before it where a JPEG holds it. */
export declare const EXIF_NAME = "Exif\0\0";
/** A field as its directory has it; its value stands at `value`, or that says where it stands. */
export interface ExifField {
    type: number;
    count: number;
    value: number;
}
/**
 * Reads single fields of EXIF, and nothing else of it: 65 KB of EXIF whose five thousand fields all point at the same values cost a
 * reader that reads them all 25 seconds and a gigabyte. Its methods throw `RangeError` where it is cut off.
 */
export declare class Exif {
    #private;
    constructor(exif: Buffer);
    /** Whether it begins as a TIFF does. */
    get isTiff(): boolean;
    /** Where its first directory stands. */
    get firstDirectory(): number;
    /** The fields of a directory that have a tag: one, if all is well. */
    fields(tag: number, directory: number): ExifField[];
    u16(offset: number): number;
    u32(offset: number): number;
    /** Characters of a field that is too long to stand in its directory; none if there is no field. */
    text(field: ExifField | undefined, length: number): string;
}
