import { loadLibvips, wrapDecodeErrors } from '../pixels/libvips.ts';
import type { RgbPixels, Size } from '../pixels/scaling.ts';
import { readGifFirstFrame } from './first-frame.ts';

/** A GIF's first frame, and where it lies on the picture (GIF89a, 20). */
export interface GifFrame extends Size {
  left: number;
  top: number;
  /** The file, as if the frame were all of the picture. */
  file: Buffer;
}

/**
 * Finds a first frame that doesn't cover the picture: what it leaves is transparent in every viewer, and black in libnsgif.
 *
 * @returns nothing if it covers it.
 */
export function partialFrame(bytes: Uint8Array): GifFrame | undefined {
  const { file, descriptorAt } = readGifFirstFrame(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  if (descriptorAt === undefined || descriptorAt + 10 > file.length) return undefined;
  const u16 = (at: number) => file.readUInt16LE(at);
  const picture = { width: u16(6), height: u16(8) };
  const [left, top, width, height] = [1, 3, 5, 7].map((at) => u16(descriptorAt + at)) as [
    number,
    number,
    number,
    number,
  ];
  const covers = left === 0 && top === 0 && width >= picture.width && height >= picture.height;
  const isInside = left + width <= picture.width && top + height <= picture.height;
  if (covers || !isInside || width === 0 || height === 0) return undefined;
  const alone = Buffer.from(file);
  alone.writeUInt16LE(width, 6);
  alone.writeUInt16LE(height, 8);
  alone.writeUInt32LE(0, descriptorAt + 1);
  return { left, top, width, height, file: alone };
}

/** Decodes it where it lies, over white. */
export async function paintFrame({ file, left, top, width, height }: GifFrame, picture: Size): Promise<RgbPixels> {
  const sharp = await loadLibvips();
  const right = picture.width - left - width;
  const bottom = picture.height - top - height;
  const data = await wrapDecodeErrors(() =>
    sharp(file, { failOn: 'error', pages: 1, limitInputPixels: false })
      .flatten({ background: 'white' })
      .toColourspace('srgb')
      .extend({ left, top, right, bottom, background: 'white' })
      .raw()
      .toBuffer(),
  );
  return { data, width: picture.width, height: picture.height };
}
