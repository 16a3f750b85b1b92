import type { Sharp } from 'sharp';
import { libvips } from './libvips.ts';

/** How each of EXIF's orientations is undone: flips first, then the clockwise turn. EXIF 2.32, 4.6.4, tag 0112. */
const UNDO: Readonly<Record<number, { flip?: true; flop?: true; degrees?: 90 | 180 | 270 }>> = {
  2: { flop: true },
  3: { degrees: 180 },
  4: { flip: true },
  5: { flip: true, degrees: 90 },
  6: { degrees: 90 },
  7: { flop: true, degrees: 90 },
  8: { degrees: 270 },
};

/**
 * Turns a square picture upright.
 *
 * @param square side x side x 3 bytes.
 * @param orientation EXIF's, 1 to 8; any other leaves the picture as it is.
 * @returns as many bytes.
 */
export async function upright(square: Uint8Array, side: number, orientation: number): Promise<Uint8Array> {
  if (!(orientation in UNDO)) return square;
  const sharp = await libvips();
  return turned(sharp(square, { raw: { width: side, height: side, channels: 3 } }), orientation)
    .raw()
    .toBuffer();
}

/** Turns a picture upright that EXIF says is stored otherwise. */
export function turned(picture: Sharp, orientation: number): Sharp {
  const { flip = false, flop = false, degrees = 0 } = UNDO[orientation] ?? {};
  return picture.flip(flip).flop(flop).rotate(degrees);
}
