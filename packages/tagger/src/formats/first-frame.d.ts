import type { ImageFormat } from '@tagmill/core';
/**
 * What decoders are given of a file: the first frame, and what it needs. Some read all the rest before they say a word: a
 * PNG of 0.8 MB had them inflate 3.8 GB of comments, a WebP or TIFF of a million frames kept them busy for minutes.
 *
 * @returns the same bytes if there is nothing to leave out, or the file is damaged: then let its decoder say so.
 * @throws {TagmillError} `unsupported-format` for a TIFF that nobody here can read: see {@link readTiffPicture}.
 */
export declare function firstFrame(bytes: Uint8Array, format: ImageFormat): Uint8Array;
/**
 * GIF89a, appendix B: a header, then extensions and images, each in blocks that say their length.
 *
 * @returns the file up to its first frame, and where that is described; without that if there is none.
 */
export declare function readGifFirstFrame(file: Buffer): {
    file: Buffer;
    descriptorAt?: number;
};
