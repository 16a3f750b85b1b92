import type { ImageFormat } from '@tagmill/core';
/**
 * Reads when an image was taken: EXIF's DateTimeOriginal, else its DateTimeDigitized, else what XMP or IPTC say.
 *
 * @returns ISO 8601, without a zone if none is written. Nothing if there is no such time, or it can't be read: it isn't the picture.
 *
 * @example
 * readCaptureTime(bytes, 'jpeg', { exif }) // '2026-03-01T12:30:00+02:00'
 */
export declare function readCaptureTime(bytes: Uint8Array, format: ImageFormat, metadata: {
    exif?: Buffer | undefined;
    xmp?: Buffer | undefined;
}): string | undefined;
