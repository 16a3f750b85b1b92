export interface Size {
    width: number;
    height: number;
}
/** What size a picture is wanted in. */
export interface Scaling extends Size {
    /** As sharp calls it: `inside` and `outside` keep the proportions, and `inside` doesn't enlarge. */
    fit: 'cover' | 'fill' | 'inside' | 'outside';
    /** Of what is scaled to a square, only its centre is wanted, so long each side. */
    centre?: number;
}
/** What is left out at the left and the top of a square of `side` for its centre: an odd margin is larger at the right and the bottom. */
export declare function centreMargin(side: number, centre: number): number;
export interface RgbPixels extends Size {
    /** width x height x 3 bytes, row by row. */
    data: Uint8Array;
}
