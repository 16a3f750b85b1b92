export interface Size {
  width: number;
  height: number;
}

/** What size a picture is wanted in. */
export interface Scaling extends Size {
  /** As sharp calls it: `inside` and `outside` keep the proportions, and `inside` doesn't enlarge. */
  fit: 'cover' | 'fill' | 'inside' | 'outside';
}

export interface RgbPixels extends Size {
  /** width x height x 3 bytes, row by row. */
  data: Uint8Array;
}
