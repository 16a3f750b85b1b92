import { type ImageLimits } from '../limits.ts';
export interface ThumbnailOptions {
    /** Pixels of the longer side, at most: a small image isn't enlarged. */
    maxSide: number;
    limits?: ImageLimits;
}
/**
 * Makes a small picture of an image, for people to look at: the first frame, upright, over white, in sRGB, without the
 * metadata, which may tell where it was taken.
 *
 * @returns a WebP file.
 * @throws {InspectionError} with one of the codes of `REJECT_REASONS`, as {@link inspect} and {@link decode} do.
 *
 * @example
 * await makeThumbnail(await readFile('cat.jpg'), { maxSide: 320 })
 */
export declare function makeThumbnail(bytes: Uint8Array, { maxSide, limits }: ThumbnailOptions): Promise<Uint8Array>;
