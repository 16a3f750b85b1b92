import type { Size } from '../pixels/scaling.ts';
import type { CodedColours } from './coded-colours.ts';
/** What the primary picture of a HEIF file (ISO 23008-12, in boxes of ISO 14496-12) is to be shown as. */
export interface HeifProperties {
    /** ITU-T H.273's code points; where there is a colour profile, that counts. */
    colours?: CodedColours | undefined;
    colourProfile?: Buffer;
    /** The part of it that is shown, as displayed, and the size of the whole. */
    crop?: Crop;
    wholeSize?: Size;
    /** Where the crop stands in the file, so that it can be hidden: see {@link withoutCrop}. */
    cropAssociation?: {
        offset: number;
        index: number;
        isWide: boolean;
    };
}
export interface Crop extends Size {
    left: number;
    top: number;
}
/** @returns nothing of what a damaged file says: its decoder is asked. */
export declare function readHeifProperties(bytes: Uint8Array): HeifProperties;
/** The same file, of which its decoder shows all: libheif takes a crop for a lie about the size (strukturag/libheif #1856). */
export declare function withoutCrop(bytes: Uint8Array, { offset, index, isWide }: NonNullable<HeifProperties['cropAssociation']>): Buffer;
