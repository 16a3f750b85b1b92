import { createHash } from 'node:crypto';
import { type ImageFacts, type ImageFormat, isRejection, TagmillError } from '@tagmill/core';
import type { Metadata } from 'sharp';
import { readCaptureTime } from './formats/capture-time.ts';
import { firstFrame } from './formats/first-frame.ts';
import { detectFormat } from './formats/format.ts';
import { readHeifProperties } from './formats/heif-properties.ts';
import { type DecodingFacts, decodingBytes, MAX_DECODING_BYTES } from './isolation/memory.ts';
import { assertFewScans } from './jpeg/jpeg-scans.ts';
import { type JpegSegment, listJpegSegments } from './jpeg/jpeg-segments.ts';
import { readPlainJpegHeader } from './jpeg/plain-jpeg.ts';
import { type ImageLimits, MAX_SIDE } from './limits.ts';
import { loadLibvips, wrapDecodeErrors } from './pixels/libvips.ts';
import { toDisplayedSize } from './pixels/orientation.ts';

/** What an image's header says, before anything is decoded. */
export interface ImageHeader extends ImageFacts {
  encoding: ImageEncoding;
}

/** How the image is stored: what decoding it goes by, and costs. */
export interface ImageEncoding {
  /** Written in passes, each of the whole picture: it takes longer to decode. */
  progressive: boolean;
  /** EXIF's, 1 to 8: how the stored picture has to be turned. */
  orientation: number;
  bitsPerSample: number;
  /** Whether its colours are told by an ICC profile. */
  colourProfile: boolean;
  /** Memory, estimated from above: see {@link decodingBytes}. */
  decodingBytes: number;
  /** Where a JPEG's header has what; none for other formats. */
  jpegSegments: readonly JpegSegment[];
}

/** The part of a header that a record keeps. */
export function pickFacts({ encoding: _, ...facts }: ImageHeader): ImageFacts {
  return facts;
}

/**
 * Reads an image's header and holds it against the limits.
 *
 * @returns format, size as displayed, digest, time of capture and encoding.
 * @throws {InspectionError} with one of the codes of `REJECT_REASONS`, and what was known of the image by then.
 *
 * @example
 * await inspect(await readFile('cat.jpg'), DEFAULT_LIMITS)
 * // { format: 'jpeg', width: 1920, height: 1080, bytes: 211937, sha256: '…', encoding: { progressive: false, … } }
 */
export function inspect(bytes: Uint8Array, limits: ImageLimits): Promise<ImageHeader> {
  const facts: Partial<ImageFacts> = identify(bytes);
  return attachFacts(facts, async () => {
    if (bytes.length > limits.maxBytes) {
      throw new TagmillError('too-many-bytes', `${bytes.length} bytes, at most ${limits.maxBytes} are read`);
    }
    const format = detectFormat(bytes);
    facts.format = format;
    const jpegSegments =
      format === 'jpeg' ? listJpegSegments(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)) : [];
    if (format === 'jpeg') assertFewScans(bytes, jpegSegments);
    const metadata = await readMetadata(bytes, format, jpegSegments);
    const { width, height } = metadata.autoOrient;
    Object.assign(facts, { width, height });
    // What is cropped is decoded as a whole.
    const { wholeSize } = format === 'heic' ? readHeifProperties(bytes) : {};
    const encoding = {
      progressive: metadata.isProgressive ?? false,
      orientation: metadata.orientation ?? 1,
      bitsPerSample: metadata.bitsPerSample ?? 8,
      colourProfile: metadata.hasProfile,
      decodingBytes: decodingBytes(bytes, format, { ...metadata, ...wholeSize }),
      jpegSegments,
    };
    holdAgainst(limits, { width, height, ...wholeSize, format, ...encoding });
    const takenAt = readCaptureTime(bytes, format, { ...metadata, jpegSegments });
    if (takenAt) facts.takenAt = takenAt;
    return { ...(facts as ImageFacts), encoding };
  });
}

type HeaderFacts = DecodingFacts &
  Pick<Metadata, 'autoOrient' | 'hasProfile'> &
  Partial<Pick<Metadata, 'orientation' | 'exif' | 'xmp'>>;

async function readMetadata(
  bytes: Uint8Array,
  format: ImageFormat,
  jpegSegments: readonly JpegSegment[],
): Promise<HeaderFacts> {
  const plain = readPlainJpegHeader(bytes, jpegSegments);
  if (plain) return { ...plain, autoOrient: toDisplayedSize(plain, plain.orientation), hasAlpha: false };
  const sharp = await loadLibvips();
  return wrapDecodeErrors(() => sharp(firstFrame(bytes, format), { limitInputPixels: false }).metadata());
}

/** What is known of any file. */
export function identify(bytes: Uint8Array): Pick<ImageFacts, 'sha256' | 'bytes'> {
  return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
}

function holdAgainst(
  { maxPixels }: ImageLimits,
  { width, height, format, decodingBytes }: Pick<ImageFacts, 'width' | 'height' | 'format'> & ImageEncoding,
): void {
  const size = `${width} x ${height} pixels`;
  if (width * height > maxPixels) {
    throw new TagmillError('too-many-pixels', `${size}, at most ${maxPixels} are decoded`);
  }
  if (Math.max(width, height) > MAX_SIDE) {
    throw new TagmillError('too-many-pixels', `${size}, at most ${MAX_SIDE} a side are decoded`);
  }
  if (decodingBytes > MAX_DECODING_BYTES) {
    const [needed, given] = [decodingBytes, MAX_DECODING_BYTES].map((bytes) => `${Math.round(bytes / 2 ** 20)} MiB`);
    throw new TagmillError(
      'too-many-pixels',
      `${size} of this ${format} may take ${needed} of memory, ${given} are given`,
    );
  }
}

/** Why an image was refused, with what was known of it by then. */
export class InspectionError extends TagmillError {
  readonly facts: Partial<ImageFacts>;

  constructor({ code, message, retryable, cause }: TagmillError, facts: Partial<ImageFacts>) {
    super(code, message, { retryable, cause });
    this.facts = facts;
  }
}

/** Runs a stage; if that refuses the image, the error carries what is known of it. */
export async function attachFacts<Result>(facts: Partial<ImageFacts>, stage: () => Promise<Result>): Promise<Result> {
  try {
    return await stage();
  } catch (error) {
    throw isRejection(error) && !(error instanceof InspectionError) ? new InspectionError(error, facts) : error;
  }
}
