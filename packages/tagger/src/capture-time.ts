import exifReader from 'exif-reader';

/** What exif-reader makes of `0000:00:00 00:00:00`, which cameras write whose clock was never set. */
const CLOCK_NEVER_SET = Date.UTC(0, -1, 0);

/**
 * Reads EXIF's DateTimeOriginal with its OffsetTimeOriginal.
 *
 * @returns ISO 8601, without a zone if the camera wrote none. Nothing if there is no such time, or the EXIF can't be read:
 * it isn't the picture.
 *
 * @example
 * captureTime(exif) // '2026-03-01T12:30:00+02:00'
 */
export function captureTime(exif: Buffer): string | undefined {
  try {
    const { Photo } = exifReader(exif);
    const taken = Photo?.DateTimeOriginal;
    if (!(taken instanceof Date) || taken.getTime() === CLOCK_NEVER_SET) return undefined;
    const offset = /^[+-](?:0\d|1[0-4]):[0-5]\d$/.exec(Photo?.OffsetTimeOriginal ?? '')?.[0] ?? '';
    return taken.toISOString().slice(0, 19) + offset;
  } catch {
    return undefined;
  }
}
