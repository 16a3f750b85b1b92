/** Which picture of a TIFF is looked at, and how its samples have to be read. */
export interface TiffPicture {
    /** The file, as libvips is given it: that picture is its only one. */
    file: Buffer;
    /** Absent where libvips takes the samples for what they are. */
    samples?: TiffSamples;
}
export interface TiffSamples {
    kind: 'integer' | 'float' | 'lab';
    /** Samples of a pixel that are its colour: 1 or 3. */
    colours: 1 | 3;
    /** Whether the first sample after these says how opaque a pixel is. */
    hasAlpha: boolean;
}
/**
 * Finds the picture of a TIFF: the first that is neither a thumbnail nor a mask, in the chain of directories or below it.
 *
 * @returns the file as it is, if it is damaged: then its decoder says so.
 * @throws {TagmillError} `unsupported-format` for a camera's raw file, and for samples that nobody here can read.
 */
export declare function readTiffPicture(bytes: Uint8Array): TiffPicture;
/** How the samples of a TIFF's picture have to be read: see {@link readTiffPicture}, which copies the file. */
export declare function tiffSamples(bytes: Uint8Array): TiffSamples | undefined;
