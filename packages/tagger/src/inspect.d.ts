import { type ImageFacts, TagmillError } from '@tagmill/core';
import { type ImageLimits } from './limits.ts';
/** What an image's header says, before anything is decoded. */
export interface ImageHeader extends ImageFacts {
    encoding: ImageEncoding;
}
/** How the image is stored: what decoding it goes by, and costs. */
export interface ImageEncoding {
    /** Written in passes, each of the whole picture: it takes longer to decode. */
    progressive: boolean;
    /** EXIF's, 1 to 8: how the stored picture has to be turned. */
    orientation: number;
    bitsPerSample: number;
    /** Whether its colours are told by an ICC profile. */
    colourProfile: boolean;
    /** Memory, estimated from above: see {@link decodingBytes}. */
    decodingBytes: number;
}
/** The part of a header that a record keeps. */
export declare function pickFacts({ encoding: _, ...facts }: ImageHeader): ImageFacts;
/**
 * Reads an image's header and holds it against the limits.
 *
 * @returns format, size as displayed, digest, time of capture and encoding.
 * @throws {InspectionError} with one of the codes of `REJECT_REASONS`, and what was known of the image by then.
 *
 * @example
 * await inspect(await readFile('cat.jpg'), DEFAULT_LIMITS)
 * // { format: 'jpeg', width: 1920, height: 1080, bytes: 211937, sha256: '…', encoding: { progressive: false, … } }
 */
export declare function inspect(bytes: Uint8Array, limits: ImageLimits): Promise<ImageHeader>;
/** What is known of any file. */
export declare function identify(bytes: Uint8Array): Pick<ImageFacts, 'sha256' | 'bytes'>;
/** Why an image was refused, with what was known of it by then. */
export declare class InspectionError extends TagmillError {
    readonly facts: Partial<ImageFacts>;
    constructor({ code, message, retryable, cause }: TagmillError, facts: Partial<ImageFacts>);
}
/** Runs a stage; if that refuses the image, the error carries what is known of it. */
export declare function attachFacts<Result>(facts: Partial<ImageFacts>, stage: () => Promise<Result>): Promise<Result>;
