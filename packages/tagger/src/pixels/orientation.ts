import { EXIF_NAME, Exif } from '../formats/exif.ts';
import type { RgbPixels, Size } from './scaling.ts';

/** EXIF 2.32, 4.6.4. */
const ORIENTATION = 0x0112;
const SHORT = 3;

/**
 * How EXIF, as a JPEG holds it, says that the picture is stored: 1, if it doesn't.
 *
 * @returns 1 to 8; nothing where it says it in an unusual way, or can't be read.
 */
export function readOrientation(bytes: Buffer): number | undefined {
  const exif = new Exif(bytes);
  if (!exif.isTiff || bytes.toString('latin1', 0, EXIF_NAME.length) !== EXIF_NAME) return undefined;
  try {
    const [field, another] = exif.fields(ORIENTATION, exif.firstDirectory);
    if (!field) return 1;
    const orientation = exif.u16(field.value);
    const isUsual = !another && field.type === SHORT && field.count === 1 && orientation >= 1 && orientation <= 8;
    return isUsual ? orientation : undefined;
  } catch {
    return undefined;
  }
}

/** The size that a picture of an orientation is stored in, as it is displayed, and the other way round: from 5 on, it lies on its side. */
export function toDisplayedSize({ width, height }: Size, orientation: number): Size {
  return orientation < 5 ? { width, height } : { width: height, height: width };
}

/** Where one gets to in the stored picture, going right in the upright one, and going down: EXIF 2.32, 4.6.4, tag 0112. */
const WAYS: Readonly<Record<number, readonly [Way, Way]>> = {
  2: ['left', 'down'],
  3: ['left', 'up'],
  4: ['right', 'up'],
  5: ['down', 'right'],
  6: ['up', 'right'],
  7: ['up', 'left'],
  8: ['down', 'left'],
};

type Way = 'right' | 'left' | 'down' | 'up';

/**
 * Turns a picture upright.
 *
 * @param orientation EXIF's, 1 to 8; any other leaves the picture as it is.
 */
export function turnUpright(stored: RgbPixels, orientation: number): RgbPixels {
  const ways = WAYS[orientation];
  if (!ways) return stored;
  const row = stored.width * 3;
  const steps = { right: 3, left: -3, down: row, up: -row };
  const [right, down] = ways.map((way) => steps[way]) as [number, number];
  // Whoever goes left or up begins at the other end.
  const start = (ways.includes('left') ? row - 3 : 0) + (ways.includes('up') ? row * (stored.height - 1) : 0);
  const { width, height } = toDisplayedSize(stored, orientation);
  const data = new Uint8Array(stored.data.length);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0, from = start + y * down; x < width; x++, from += right, to += 3) {
      data[to] = stored.data[from]!;
      data[to + 1] = stored.data[from + 1]!;
      data[to + 2] = stored.data[from + 2]!;
    }
  }
  return { data, width, height };
}
