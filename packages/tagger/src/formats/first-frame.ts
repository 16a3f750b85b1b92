import type { ImageFormat } from '@tagmill/core';
import { readTiffPicture } from './tiff-picture.ts';

/**
 * What decoders are given of a file: the first frame, and what it needs. Some read all the rest before they say a word: a
 * PNG of 0.8 MB had them inflate 3.8 GB of comments, a WebP or TIFF of a million frames kept them busy for minutes.
 *
 * @returns the same bytes if there is nothing to leave out, or the file is damaged: then let its decoder say so.
 * @throws {TagmillError} `unsupported-format` for a TIFF that nobody here can read: see {@link readTiffPicture}.
 */
export function firstFrame(bytes: Uint8Array, format: ImageFormat): Uint8Array {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  switch (format) {
    case 'png':
      return ofPng(file);
    case 'webp':
      return ofWebp(file);
    case 'gif':
      return readGifFirstFrame(file).file;
    case 'tiff':
      return readTiffPicture(file).file;
    case 'jpeg':
    case 'avif':
    case 'heic':
      return bytes;
  }
}

/** What the pixels and their colours depend on, and EXIF: PNG (third edition), 11.2 and 11.3. */
const PNG_CHUNKS = new Set('IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP pHYs eXIf'.split(' '));

function ofPng(file: Buffer): Buffer {
  return withChunks(file, {
    first: 8,
    size: (offset) => 12 + file.readUInt32BE(offset),
    keeps: (offset) => PNG_CHUNKS.has(file.toString('latin1', offset + 4, offset + 8)),
  });
}

const WEBP_CHUNKS = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP', 'EXIF']);

function ofWebp(file: Buffer): Buffer {
  let frames = 0;
  const kept = withChunks(file, {
    first: 12,
    size: (offset) => 8 + 2 * Math.ceil(file.readUInt32LE(offset + 4) / 2),
    keeps: (offset) => {
      const name = file.toString('latin1', offset, offset + 4);
      return WEBP_CHUNKS.has(name) && (name !== 'ANMF' || ++frames === 1);
    },
  });
  if (kept !== file) kept.writeUInt32LE(kept.length - 8, 4);
  return kept;
}

interface Chunks {
  /** Offset of the first. */
  first: number;
  /** Bytes of the one at an offset, its header included. */
  size: (offset: number) => number;
  keeps: (offset: number) => boolean;
}

/** @returns a copy without the chunks that aren't kept; the file itself if all are. */
function withChunks(file: Buffer, { first, size, keeps }: Chunks): Buffer {
  let copy: Buffer | undefined;
  let [offset, copied] = [first, first];
  while (offset + 12 <= file.length) {
    const end = offset + size(offset);
    if (keeps(offset)) {
      copy?.copyWithin(copied, offset, end);
      copied += end - offset;
    } else {
      copy ??= Buffer.from(file);
    }
    offset = end;
  }
  // What is left is too short for a chunk, or what the last one lacks.
  return copy?.subarray(0, copied) ?? file;
}

const GIF_EXTENSION = 0x21;
const GIF_IMAGE = 0x2c;
const GIF_TRAILER = 0x3b;

/**
 * GIF89a, appendix B: a header, then extensions and images, each in blocks that say their length.
 *
 * @returns the file up to its first frame, and where that is described; without that if there is none.
 */
export function readGifFirstFrame(file: Buffer): { file: Buffer; descriptorAt?: number } {
  const colourTableBytes = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  const skipBlocks = (offset: number) => {
    let at = offset;
    while (file[at]) at += file[at]! + 1;
    return at + 1;
  };
  let offset = 13 + colourTableBytes(file[10] ?? 0);
  while (file[offset] === GIF_EXTENSION) offset = skipBlocks(offset + 2);
  if (file[offset] !== GIF_IMAGE) return { file };
  const end = skipBlocks(offset + 11 + colourTableBytes(file[offset + 9] ?? 0));
  if (end >= file.length || file[end] === GIF_TRAILER) return { file, descriptorAt: offset };
  return { file: Buffer.concat([file.subarray(0, end), Buffer.from([GIF_TRAILER])]), descriptorAt: offset };
}
