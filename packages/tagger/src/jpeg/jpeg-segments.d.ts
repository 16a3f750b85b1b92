/** JPEG (ITU-T T.81), table B.1; APP0 is JFIF's, APP1 has EXIF and XMP, APP2 has colour profiles, APP13 is Photoshop's, APP14 Adobe's. */
export declare const MARKER: {
    readonly SOF0: 192;
    readonly DHT: 196;
    readonly RST0: 208;
    readonly SOI: 216;
    readonly EOI: 217;
    readonly SOS: 218;
    readonly DQT: 219;
    readonly DRI: 221;
    readonly APP0: 224;
    readonly APP1: 225;
    readonly APP2: 226;
    readonly APP13: 237;
    readonly APP14: 238;
    readonly COM: 254;
};
/** What a segment with a part of a profile begins with: ICC.1:2022, B.4. */
export declare const PROFILE_NAME = "ICC_PROFILE\0";
export interface JpegSegment {
    marker: number;
    /** What follows its length. */
    content: Buffer;
    /** Offset of what follows it. */
    end: number;
}
/** The segments from a JPEG's second marker up to the header of its first scan, and no further than they are sound. */
export declare function readJpegSegments(file: Buffer): Generator<JpegSegment>;
