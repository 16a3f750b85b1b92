/** JPEG (ITU-T T.81), table B.1; APP0 is JFIF's, APP1 has EXIF and XMP, APP2 has colour profiles, APP13 is Photoshop's, APP14 Adobe's. */
export const MARKER = {
  SOF0: 0xc0,
  DHT: 0xc4,
  RST0: 0xd0,
  SOI: 0xd8,
  EOI: 0xd9,
  SOS: 0xda,
  DQT: 0xdb,
  DRI: 0xdd,
  APP0: 0xe0,
  APP1: 0xe1,
  APP2: 0xe2,
  APP13: 0xed,
  APP14: 0xee,
  COM: 0xfe,
} as const;

/** What a segment with a part of a profile begins with: ICC.1:2022, B.4. */
export const PROFILE_NAME = 'ICC_PROFILE\0';

/** The longest segments fill 64 MiB with a quarter as many. The shortest, of four bytes, would fill memory with this list. */
const MAX_SEGMENTS = 4096;

/** A segment of a JPEG's header. It holds offsets and no bytes, so that it is cheap to send to a decoder's process. */
export interface JpegSegment {
  marker: number;
  /** Offset of its content, which follows its length. */
  start: number;
  /** Offset of the byte after it. */
  end: number;
}

/**
 * Lists the segments of a JPEG's header, from the second marker up to the header of the first scan. A damaged segment ends the list.
 *
 * @returns an empty list if there are more than 4,096: no encoder writes so many.
 */
export function listJpegSegments(file: Buffer): JpegSegment[] {
  const segments: JpegSegment[] = [];
  let at = 2;
  let marker = 0;
  while (marker !== MARKER.SOS && at + 4 <= file.length && file[at] === 0xff) {
    marker = file[at + 1]!;
    const end = at + 2 + file.readUInt16BE(at + 2);
    if (end > file.length) break;
    if (segments.length === MAX_SEGMENTS) return [];
    segments.push({ marker, start: at + 4, end });
    at = end;
  }
  return segments;
}
