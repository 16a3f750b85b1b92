/** What an image may be at most. Checked from the header, before anything is decoded. */
export interface ImageLimits {
  maxBytes: number;
  /** Width times height, of one frame. */
  maxPixels: number;
}

/** 64 MiB and 200 megapixels: more than any camera writes, little enough to decode in a small function. */
export const DEFAULT_LIMITS: ImageLimits = { maxBytes: 64 * 2 ** 20, maxPixels: 200_000_000 };
