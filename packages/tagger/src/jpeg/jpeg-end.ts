import { type JpegSegment, MARKER } from './jpeg-segments.ts';

/**
 * Ends a JPEG that lacks nothing but its last marker: every viewer shows it whole, and libjpeg calls it cut off.
 *
 * @returns the same bytes if it has an end. One that was cut off earlier gets one as well: its decoder warns of what is missing.
 */
export function withJpegEnd(bytes: Uint8Array, segments: readonly JpegSegment[]): Uint8Array {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const scan = segments.find(({ marker }) => marker === MARKER.SOS);
  const end = Buffer.from([0xff, MARKER.EOI]);
  if (!scan || scan.end === file.length || file.lastIndexOf(end) >= scan.end) return bytes;
  // The first half of the marker may be there.
  return Buffer.concat([file.at(-1) === 0xff ? file.subarray(0, -1) : file, end]);
}
