import { Exif } from './exif.ts';

/** EXIF 2.32, 4.6.3 and 4.6.5. */
const EXIF_IFD = 0x8769;
const DATE_TIME_ORIGINAL = 0x9003;
const OFFSET_TIME_ORIGINAL = 0x9011;

/**
 * Reads EXIF's DateTimeOriginal with its OffsetTimeOriginal.
 *
 * @returns ISO 8601, without a zone if the camera wrote none. Nothing if there is no such time, or the EXIF can't be read:
 * it isn't the picture.
 *
 * @example
 * captureTime(exif) // '2026-03-01T12:30:00+02:00'
 */
export function captureTime(bytes: Buffer): string | undefined {
  const exif = new Exif(bytes);
  try {
    const [pointer] = exif.fields(EXIF_IFD, exif.firstDirectory);
    if (pointer === undefined) return undefined;
    const directory = exif.u32(pointer.value);
    const textOf = (tag: number, length: number) => exif.text(exif.fields(tag, directory)[0], length);
    const taken = isoTime(textOf(DATE_TIME_ORIGINAL, 'YYYY:MM:DD HH:MM:SS'.length));
    const zone = /^[+-](?:0\d|1[0-4]):[0-5]\d$/.exec(textOf(OFFSET_TIME_ORIGINAL, '+HH:MM'.length))?.[0] ?? '';
    return taken && taken + zone;
  } catch {
    return undefined;
  }
}

/** Nothing for what is no time, such as the zeros of a camera whose clock was never set. */
function isoTime(text: string): string | undefined {
  const [date = '', time] = text.split(' ');
  const written = `${date.replaceAll(':', '-')}T${time}`;
  const parsed = new Date(`${written}Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString() === `${written}.000Z` ? written : undefined;
}
