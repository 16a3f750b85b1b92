/** What size a picture is wanted in. */
export interface Scaling {
  width: number;
  height: number;
  /** As sharp calls it: `inside` and `outside` keep the proportions, and `inside` doesn't enlarge. */
  fit: 'cover' | 'fill' | 'inside' | 'outside';
}

export interface RgbPixels {
  /** width x height x 3 bytes, row by row. */
  data: Uint8Array;
  width: number;
  height: number;
}
