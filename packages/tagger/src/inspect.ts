import { createHash } from 'node:crypto';
import { type ImageFacts, TagmillError } from '@tagmill/core';
import exifReader from 'exif-reader';
import { formatOf } from './format.ts';
import { decoding, sharp } from './libvips.ts';
import type { ImageLimits } from './limits.ts';

/** What an image's header says, before anything is decoded. */
export interface ImageHeader extends ImageFacts {
  /** Written in passes, each of the whole picture: it takes longer to decode. */
  progressive: boolean;
}

/**
 * Reads an image's header and holds it against the limits.
 *
 * @returns format, size as displayed, digest and time of capture.
 * @throws {TagmillError} with one of the codes of `REJECT_REASONS`. What was known by then is in its `facts`: see
 * {@link InspectionError}.
 *
 * @example
 * await inspect(await readFile('cat.jpg'), DEFAULT_LIMITS)
 * // { format: 'jpeg', width: 1920, height: 1080, bytes: 211937, sha256: '…', progressive: false }
 */
export async function inspect(bytes: Uint8Array, limits: ImageLimits): Promise<ImageHeader> {
  const facts: Partial<ImageFacts> = {
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bytes: bytes.length,
  };
  try {
    if (bytes.length > limits.maxBytes) {
      throw new TagmillError('too-many-bytes', `${bytes.length} bytes, at most ${limits.maxBytes} are read`);
    }
    facts.format = formatOf(bytes);
    const metadata = await decoding(() => sharp(bytes, { limitInputPixels: false }).metadata());
    const { width, height } = metadata.autoOrient;
    Object.assign(facts, { width, height });
    if (width * height > limits.maxPixels) {
      throw new TagmillError('too-many-pixels', `${width} x ${height} pixels, at most ${limits.maxPixels} are decoded`);
    }
    const takenAt = metadata.exif && captureTime(metadata.exif);
    if (takenAt) facts.takenAt = takenAt;
    return { ...(facts as ImageFacts), progressive: metadata.isProgressive ?? false };
  } catch (error) {
    if (error instanceof TagmillError) throw new InspectionError(error, facts);
    throw error;
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

/**
 * EXIF's DateTimeOriginal with its OffsetTimeOriginal, ISO 8601; without a zone if the camera wrote none.
 * EXIF that can't be read says nothing: it isn't the picture.
 */
function captureTime(exif: Buffer): string | undefined {
  try {
    const { Photo } = exifReader(exif);
    const taken = Photo?.DateTimeOriginal;
    if (!(taken instanceof Date)) return undefined;
    const offset = /^[+-]\d{2}:\d{2}$/.exec(Photo?.OffsetTimeOriginal ?? '')?.[0] ?? '';
    return taken.toISOString().slice(0, 19) + offset;
  } catch {
    return undefined;
  }
}
