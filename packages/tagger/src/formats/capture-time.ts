import type { ImageFormat } from '@tagmill/core';
import type { JpegSegment } from '../jpeg/jpeg-segments.ts';
import { Exif } from './exif.ts';
import { readMetadataPackets } from './metadata-packets.ts';

/** EXIF 2.32, 4.6.3 and 4.6.5: when the shutter opened, and when it was made digital, which scanners write; each with its zone. */
const EXIF_IFD = 0x8769;
const TIMES = [
  { time: 0x9003, offset: 0x9011 },
  { time: 0x9004, offset: 0x9012 },
] as const;

/** The same in XMP, by falling worth. */
const XMP_TIMES = ['exif:DateTimeOriginal', 'photoshop:DateCreated', 'exif:DateTimeDigitized', 'xmp:CreateDate'];

/** IPTC-IIM 4.2, datasets 2:55 and 2:60. */
const IPTC_DATE = 55;
const IPTC_TIME = 60;

/**
 * Reads when an image was taken: EXIF's DateTimeOriginal, else its DateTimeDigitized, else what XMP or IPTC say.
 *
 * @returns ISO 8601, without a zone if none is written. Nothing if there is no such time, or it can't be read: it isn't the picture.
 *
 * @example
 * readCaptureTime(bytes, 'jpeg', { exif, jpegSegments }) // '2026-03-01T12:30:00+02:00'
 */
export function readCaptureTime(
  bytes: Uint8Array,
  format: ImageFormat,
  metadata: { exif?: Buffer | undefined; xmp?: Buffer | undefined; jpegSegments: readonly JpegSegment[] },
): string | undefined {
  try {
    const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    // A TIFF is what EXIF is.
    const exif = metadata.exif ?? (format === 'tiff' ? file : undefined);
    const fromExif = exif && exifTime(exif);
    if (fromExif) return fromExif;
    const { xmp = metadata.xmp, iptc } = readMetadataPackets(file, format, metadata.jpegSegments);
    return (xmp && xmpTime(xmp)) ?? (iptc && iptcTime(iptc));
  } catch {
    return undefined;
  }
}

function exifTime(bytes: Buffer): string | undefined {
  try {
    const exif = new Exif(bytes);
    const [pointer] = exif.fields(EXIF_IFD, exif.firstDirectory);
    if (pointer === undefined) return undefined;
    const directory = exif.u32(pointer.value);
    const readText = (tag: number, length: number) => exif.text(exif.fields(tag, directory)[0], length);
    for (const { time, offset } of TIMES) {
      const taken = isoTime(readText(time, 'YYYY:MM:DD HH:MM:SS'.length).replace(' ', 'T'));
      const zone = /^[+-](?:0\d|1[0-4]):[0-5]\d$/.exec(readText(offset, '+HH:MM'.length))?.[0] ?? '';
      if (taken) return taken + zone;
    }
  } catch {
    // Another may say it.
  }
  return undefined;
}

/** XMP Specification part 1, 8.2.1.4. Without a time of day it is no moment. */
function xmpTime(xmp: Buffer): string | undefined {
  const text = xmp.toString('utf8');
  for (const name of XMP_TIMES) {
    const [, attribute, content] = new RegExp(`\\b${name}(?:\\s*=\\s*["']([^"']*)|\\s*>([^<]*))`).exec(text) ?? [];
    const [, time, seconds = ':00', zone = ''] =
      /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d)?(?:\.\d+)?(Z|[+-]\d\d:\d\d)?$/.exec((attribute ?? content ?? '').trim()) ??
      [];
    const taken = time && isoTime(time + seconds);
    if (taken) return taken + zone;
  }
  return undefined;
}

function iptcTime(iptc: Buffer): string | undefined {
  const values = new Map<number, string>();
  for (let at = 0; at + 5 <= iptc.length && iptc[at] === 0x1c; ) {
    const end = at + 5 + iptc.readUInt16BE(at + 3);
    if (iptc[at + 1] === 2) values.set(iptc[at + 2]!, iptc.toString('latin1', at + 5, end));
    at = end;
  }
  const date = /^(\d{4})(\d\d)(\d\d)$/.exec(values.get(IPTC_DATE) ?? '');
  const time = /^(\d\d)(\d\d)(\d\d)(?:([+-]\d\d)(\d\d))?$/.exec(values.get(IPTC_TIME) ?? '');
  if (!date || !time) return undefined;
  const taken = isoTime(`${date[1]}-${date[2]}-${date[3]}T${time[1]}:${time[2]}:${time[3]}`);
  return taken && taken + (time[4] ? `${time[4]}:${time[5]}` : '');
}

/** Nothing for what is no time, such as the zeros of a camera whose clock was never set. */
function isoTime(text: string): string | undefined {
  const [date = '', time] = text.split('T');
  const written = `${date.replaceAll(':', '-')}T${time}`;
  const parsed = new Date(`${written}Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString() === `${written}.000Z` ? written : undefined;
}
