import { TagmillError } from '@tagmill/core';
import { type JpegSegment, MARKER } from './jpeg-segments.ts';

/** Encoders write about ten. Each is a pass over the whole picture, however few bytes it takes. */
const MAX_SCANS = 100;

/** Markers without a segment. */
const isAlone = (marker: number) => marker === 0x01 || (marker >= MARKER.RST0 && marker <= MARKER.SOI);

/**
 * Holds a JPEG against the number of scans that one may have: 1.2 MB with 3,000 scans of 196 megapixels kept a decoder busy
 * for more than a minute.
 *
 * @throws {TagmillError} `corrupt`.
 */
export function assertFewScans(bytes: Uint8Array, segments: readonly JpegSegment[]): void {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (isOneScan(file, segments)) return;
  let scans = 0;
  let at = 2;
  while (true) {
    // Between a scan's header and the next marker lie its data, where 0xff is followed by 0.
    at = file.indexOf(0xff, at);
    if (at < 0 || at + 3 >= file.length) return;
    const marker = file[at + 1]!;
    if (marker === MARKER.EOI) return;
    if (marker === MARKER.SOS && ++scans > MAX_SCANS) {
      throw new TagmillError('corrupt', `More than ${MAX_SCANS} scans: no encoder writes so many`);
    }
    if (marker === 0xff) at += 1;
    else if (marker === 0 || isAlone(marker)) at += 2;
    else at += 2 + file.readUInt16BE(at + 2);
  }
}

/** Whether its first scan has to be its only one: it is baseline, and has all components. */
function isOneScan(file: Buffer, segments: readonly JpegSegment[]): boolean {
  let components: number | undefined;
  for (const { marker, start } of segments) {
    if (marker === MARKER.SOF0) components = file[start + 5];
    if (marker === MARKER.SOS) return file[start] === components;
  }
  return false;
}
