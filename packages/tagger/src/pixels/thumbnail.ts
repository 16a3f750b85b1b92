import { decodeScaled } from '../decode.ts';
import { inspect } from '../inspect.ts';
import { DEFAULT_LIMITS, type ImageLimits } from '../limits.ts';
import { loadLibvips } from './libvips.ts';
import { turnUpright } from './orientation.ts';

export interface ThumbnailOptions {
  /** Pixels of the longer side, at most: a small image isn't enlarged. */
  maxSide: number;
  limits?: ImageLimits;
}

/**
 * Makes a small picture of an image, for people to look at: the first frame, upright, over white, in sRGB, without the
 * metadata, which may tell where it was taken.
 *
 * @returns a WebP file.
 * @throws {InspectionError} with one of the codes of `REJECT_REASONS`, as {@link inspect} and {@link decode} do.
 *
 * @example
 * await makeThumbnail(await readFile('cat.jpg'), { maxSide: 320 })
 */
export async function makeThumbnail(
  bytes: Uint8Array,
  { maxSide, limits = DEFAULT_LIMITS }: ThumbnailOptions,
): Promise<Uint8Array> {
  const header = await inspect(bytes, limits);
  // Scaled first and turned then, so that nothing of the whole picture's size is held.
  const stored = await decodeScaled(bytes, header, { width: maxSide, height: maxSide, fit: 'inside' });
  const { data, width, height } = turnUpright(stored, header.encoding.orientation);
  const sharp = await loadLibvips();
  return (
    sharp(data, { raw: { width, height, channels: 3 } })
      // An effort beyond this takes longer than the decoding, to save a few percent.
      .webp({ quality: 75, effort: 2 })
      .toBuffer()
  );
}
