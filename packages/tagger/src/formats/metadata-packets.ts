import { inflateSync } from 'node:zlib';
import type { ImageFormat } from '@tagmill/core';
import { type JpegSegment, MARKER } from '../jpeg/jpeg-segments.ts';
import { TIFF_TAG, Tiff } from './tiff.ts';

/** XMP and IPTC, as a file carries them. */
export interface MetadataPackets {
  xmp?: Buffer | undefined;
  iptc?: Buffer | undefined;
}

/** XMP Specification part 3, 1.1.3: a JPEG's APP1; 1.1.5, a PNG's text. */
const XMP_NAME = 'http://ns.adobe.com/xap/1.0/\0';
const PNG_XMP = 'XML:com.adobe.xmp\0\0\0\0\0';
const COMPRESSED_PNG_XMP = 'XML:com.adobe.xmp\0\0';
const PHOTOSHOP_NAME = 'Photoshop 3.0\0';
const IPTC_RESOURCE = 0x0404;

/** More of it is not looked at. */
const MAX_BYTES = 2 ** 20;

/** Finds them where the format keeps them. @throws {RangeError} if the file is cut off. */
export function readMetadataPackets(
  file: Buffer,
  format: ImageFormat,
  jpegSegments: readonly JpegSegment[],
): MetadataPackets {
  const { xmp, iptc } = findPackets(file, format, jpegSegments);
  return { xmp: xmp?.subarray(0, MAX_BYTES), iptc: iptc?.subarray(0, MAX_BYTES) };
}

function findPackets(file: Buffer, format: ImageFormat, jpegSegments: readonly JpegSegment[]): MetadataPackets {
  switch (format) {
    case 'jpeg':
      return findJpegPackets(file, jpegSegments);
    case 'tiff': {
      const tiff = new Tiff(file);
      const directory = tiff.directory(tiff.firstDirectory);
      return { xmp: tiff.bytes(directory, TIFF_TAG.xmp), iptc: tiff.bytes(directory, TIFF_TAG.iptc) };
    }
    case 'png': {
      const find = (type: string, name: string) => chunk(file, 8, type, name, (at) => pngChunkAt(file, at));
      // The standard's way, and libvips'.
      const compressed = find('zTXt', COMPRESSED_PNG_XMP);
      return { xmp: find('iTXt', PNG_XMP) ?? (compressed && inflateSync(compressed, { maxOutputLength: MAX_BYTES })) };
    }
    case 'webp':
      return { xmp: chunk(file, 12, 'XMP ', '', (at) => webpChunkAt(file, at)) };
    case 'gif':
    case 'avif':
    case 'heic':
      return {};
  }
}

function findJpegPackets(file: Buffer, segments: readonly JpegSegment[]): MetadataPackets {
  const packets: MetadataPackets = {};
  for (const { marker, start, end } of segments) {
    const content = file.subarray(start, end);
    if (marker === MARKER.APP1 && content.indexOf(XMP_NAME, 0, 'latin1') === 0) {
      packets.xmp ??= content.subarray(XMP_NAME.length);
    }
    if (marker === MARKER.APP13 && content.indexOf(PHOTOSHOP_NAME, 0, 'latin1') === 0) {
      packets.iptc ??= findIptc(content.subarray(PHOTOSHOP_NAME.length));
    }
  }
  return packets;
}

/** Photoshop's image resources: a signature, a number, a name and the content, each of an even length. */
function findIptc(resources: Buffer): Buffer | undefined {
  for (let at = 0; at + 12 <= resources.length && resources.toString('latin1', at, at + 4) === '8BIM'; ) {
    const sizeAt = at + 6 + 2 * Math.ceil((1 + resources[at + 6]!) / 2);
    const size = resources.readUInt32BE(sizeAt);
    const content = resources.subarray(sizeAt + 4, sizeAt + 4 + size);
    if (resources.readUInt16BE(at + 4) === IPTC_RESOURCE) return content;
    at = sizeAt + 4 + 2 * Math.ceil(size / 2);
  }
  return undefined;
}

/**
 * The content, after a name, of a PNG's or WebP's chunk. WebP's are of an even length.
 *
 * @param read where a chunk's type stands, where its content begins, and where the next chunk does.
 */
function chunk(
  file: Buffer,
  first: number,
  type: string,
  name: string,
  read: (at: number) => { typeAt: number; content: number; size: number; next: number },
): Buffer | undefined {
  // As a number: a file may have a million of them.
  const wanted = Buffer.from(type, 'latin1').readUInt32BE();
  for (let at = first; at + 8 <= file.length; ) {
    const { typeAt, content, size, next } = read(at);
    if (file.readUInt32BE(typeAt) === wanted && file.toString('latin1', content, content + name.length) === name) {
      return file.subarray(content + name.length, content + size);
    }
    at = next;
  }
  return undefined;
}

function pngChunkAt(file: Buffer, at: number) {
  const size = file.readUInt32BE(at);
  return { typeAt: at + 4, content: at + 8, size, next: at + 12 + size };
}

function webpChunkAt(file: Buffer, at: number) {
  const size = file.readUInt32LE(at + 4);
  return { typeAt: at, content: at + 8, size, next: at + 8 + size + (size % 2) };
}
