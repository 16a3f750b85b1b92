import { MARKER, readJpegSegments } from './jpeg-segments.ts';

/**
 * Ends a JPEG that lacks but its last marker: every viewer shows it whole, and libjpeg calls it cut off.
 *
 * @returns the same bytes if it has an end. One that was cut off earlier gets one as well: its decoder warns of what is missing.
 */
export function withJpegEnd(bytes: Uint8Array): Uint8Array {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let scanAt = file.length;
  for (const { marker, end } of readJpegSegments(file)) if (marker === MARKER.SOS) scanAt = end;
  const end = Buffer.from([0xff, MARKER.EOI]);
  if (scanAt === file.length || file.lastIndexOf(end) >= scanAt) return bytes;
  // The first half of the marker may be there.
  return Buffer.concat([file.at(-1) === 0xff ? file.subarray(0, -1) : file, end]);
}
