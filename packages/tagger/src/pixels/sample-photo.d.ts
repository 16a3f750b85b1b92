export interface SamplePhotoOptions {
    width: number;
    height: number;
    format: 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff' | 'avif';
    progressive?: boolean;
}
/**
 * Makes an encoded picture that costs a decoder about as much as a photograph: forms of all sizes, and grain. For profiles and
 * benchmarks, where no photograph of that size and format is at hand.
 */
export declare function makeSamplePhoto({ width, height, format, progressive, }: SamplePhotoOptions): Promise<Buffer>;
