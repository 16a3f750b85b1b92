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

export interface JpegSegment {
  marker: number;
  /** What follows its length. */
  content: Buffer;
  /** Offset of what follows it. */
  end: number;
}

/** The segments from a JPEG's second marker up to the header of its first scan, and no further than they are sound. */
export function* readJpegSegments(file: Buffer): Generator<JpegSegment> {
  let at = 2;
  let marker = 0;
  while (marker !== MARKER.SOS && at + 4 <= file.length && file[at] === 0xff) {
    marker = file[at + 1]!;
    const end = at + 2 + file.readUInt16BE(at + 2);
    if (end > file.length) return;
    yield { marker, content: file.subarray(at + 4, end), end };
    at = end;
  }
}
