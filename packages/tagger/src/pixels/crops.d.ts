import type { Preprocessing } from '@tagmill/core';
import { type Isolation } from '../decode.ts';
import type { ImageHeader } from '../inspect.ts';
/** What {@link decodeCrops} makes of an image. */
export declare const CROPS = 5;
/**
 * Decodes an image once into five inputs of a network: first what {@link decode} makes of it, then the four corners, where a
 * wide picture has what its centre hasn't. Corners of a picture that is no larger than the input are enlarged.
 *
 * @returns 5 x inputSize x inputSize x 3 bytes.
 * @throws as {@link decode}.
 */
export declare function decodeCrops(bytes: Uint8Array, header: ImageHeader, { inputSize, fit, centralFraction }: Preprocessing, isolation?: Isolation): Promise<Uint8Array>;
