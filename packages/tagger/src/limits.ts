/** What an image may be at most. Checked from the header, before anything is decoded. */
export interface ImageLimits {
  maxBytes: number;
  /** Width times height, of one frame. */
  maxPixels: number;
}

/** 64 MiB and 200 megapixels: more than any camera writes, little enough to decode in a small function. */
export const DEFAULT_LIMITS: ImageLimits = { maxBytes: 64 * 2 ** 20, maxPixels: 200_000_000 };

/** Longest side: the most that JPEG and GIF can say. libvips' row buffers grow with the width, whatever the height. */
export const MAX_SIDE = 65_535;

/**
 * What decoding one image may take. The slowest that the other limits let through take half of it: see
 * docs/decisions/22-decoding-limits.md.
 */
export const MAX_DECODING_MS = 20_000;
