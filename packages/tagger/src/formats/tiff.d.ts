/** TIFF 6.0, section 2, and its 64-bit sister. Methods throw `RangeError` where the file is cut off. */
export interface TiffField {
    type: number;
    count: number;
    /** Where its value stands. */
    at: number;
}
export interface TiffDirectory {
    offset: number;
    fields: Map<number, TiffField>;
    /** Where the offset of the next directory stands, and that offset: 0 if it is the last. */
    nextAt: number;
    next: number;
}
export declare const TIFF_TAG: {
    readonly newSubfileType: 254;
    readonly subfileType: 255;
    readonly bitsPerSample: 258;
    readonly compression: 259;
    readonly photometric: 262;
    readonly samplesPerPixel: 277;
    readonly subIfds: 330;
    readonly extraSamples: 338;
    readonly sampleFormat: 339;
    readonly xmp: 700;
    readonly iptc: 33723;
    readonly exif: 34665;
    readonly dngVersion: 50706;
};
export declare class Tiff {
    #private;
    constructor(file: Buffer);
    get firstDirectory(): number;
    directory(offset: number): TiffDirectory;
    /** The whole numbers of a field, the first few of them; none if there is no such field. */
    numbers({ fields }: TiffDirectory, tag: number): number[];
    /** The bytes of a field, no more than the file has. */
    bytes({ fields }: TiffDirectory, tag: number): Buffer | undefined;
    /** The same file, in which a directory is the first and the only one, and some of its short numbers are others. */
    withOnly(directory: TiffDirectory, numbers?: Readonly<Record<number, number>>): Buffer;
}
