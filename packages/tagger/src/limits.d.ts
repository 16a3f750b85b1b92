/** What an image may be at most. Checked from the header, before anything is decoded. */
export interface ImageLimits {
    maxBytes: number;
    /** Width times height, of one frame. */
    maxPixels: number;
}
/** 64 MiB and 200 megapixels: more than any camera writes, little enough to decode in a small function. */
export declare const DEFAULT_LIMITS: ImageLimits;
/** Longest side: the most that JPEG and GIF can say. libvips' row buffers grow with the width, whatever the height. */
export declare const MAX_SIDE = 65535;
/**
 * What decoding one image may take. The slowest that the other limits let through take half of it: see
 * docs/decisions/02-decoding.md.
 */
export declare const MAX_DECODING_MS = 20000;
