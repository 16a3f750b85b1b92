import { type RgbPixels, type Scaling, type Size } from './scaling.ts';
/**
 * Reduces pictures with an antialiased triangle filter, in vector instructions: first the rows, then the columns, to the size and
 * the place that libvips brings them to with its `linear` kernel. Serves one picture at a time; its memory is kept for the next.
 *
 * @example
 * const filter = new TriangleFilter();
 * filter.pixels({ width: 500, height: 375 }).set(rgbx);
 * filter.scaled({ width: 500, height: 375 }, { width: 146, height: 146, fit: 'cover' }) // { data, width: 146, height: 146 }
 */
export declare class TriangleFilter {
    #private;
    constructor();
    /** Where a picture goes before it is scaled: width x height x 4 bytes, the fourth of any value. */
    pixels({ width, height }: Size): Buffer;
    /** Scales what was put into {@link pixels}, each way to at most its own length. */
    scaled(size: Size, scaling: Scaling): RgbPixels;
}
