import type { ImageFormat } from '@tagmill/core';
import type { Metadata } from 'sharp';
/** More than this is never spent on decoding one image, and that only on one at a time: see docs/decisions/02-decoding.md. */
export declare const MAX_DECODING_BYTES: number;
/** What an image may take to be decoded side by side with others. */
export declare const LIGHT_DECODING_BYTES: number;
/** What the memory depends on, as sharp reads it in a header. */
export type DecodingFacts = Pick<Metadata, 'width' | 'height' | 'channels' | 'hasAlpha'> & Partial<Pick<Metadata, 'bitsPerSample' | 'chromaSubsampling' | 'isProgressive'>>;
/**
 * Estimates, from above, the memory that decoding takes.
 *
 * Some decoders hold the whole picture; the others give row after row, and a baseline JPEG those of a reduced size.
 *
 * @param metadata what sharp read in the header of these bytes.
 * @returns bytes. The factors are measured: see docs/experiments/decoding.md.
 *
 * @example
 * decodingBytes(bytes, 'png', { width: 4000, height: 3000, channels: 3, … }) // 23_748_608
 */
export declare function decodingBytes(bytes: Uint8Array, format: ImageFormat, metadata: DecodingFacts): number;
