import { type ImageFormat } from '@tagmill/core';
/**
 * Tells an image's format by its bytes, whatever it is called.
 *
 * @throws {TagmillError} `empty-file`; `active-content` for SVG, PDF and the like; `unsupported-format`, by name if it is
 * a known one.
 */
export declare function detectFormat(bytes: Uint8Array): ImageFormat;
/**
 * The format of the image that bytes begin as, whether or not it can be read here.
 *
 * @returns nothing if they are no image.
 */
export declare function imageName(bytes: Uint8Array): string | undefined;
