import type { Sharp } from 'sharp';
import { EXIF_NAME, Exif } from './exif.ts';

/** EXIF 2.32, 4.6.4. */
const ORIENTATION = 0x0112;
const SHORT = 3;

/**
 * How EXIF, as a JPEG holds it, says that the picture is stored: 1, if it doesn't.
 *
 * @returns 1 to 8; nothing where it says it in an unusual way, or can't be read.
 */
export function storedOrientation(bytes: Buffer): number | undefined {
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

/** Turns a picture upright that EXIF says is stored otherwise. */
export function turned(picture: Sharp, orientation: number): Sharp {
  const { flip = false, flop = false, degrees = 0 } = UNDO[orientation] ?? {};
  return picture.flip(flip).flop(flop).rotate(degrees);
}

/** The same: where one gets to in the stored picture, going right in the upright one, and going down. */
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
 * Turns a square picture upright.
 *
 * @param square side x side x 3 bytes.
 * @param orientation EXIF's, 1 to 8; any other leaves the picture as it is.
 * @returns as many bytes.
 */
export function upright(square: Uint8Array, side: number, orientation: number): Uint8Array {
  const ways = WAYS[orientation];
  if (!ways) return square;
  const row = side * 3;
  const steps = { right: 3, left: -3, down: row, up: -row };
  const [right, down] = ways.map((way) => steps[way]) as [number, number];
  // Whoever goes left or up begins at the other end.
  const start = [right, down].reduce((sum, step) => sum + Math.max(0, -step) * (side - 1), 0);
  const turned = new Uint8Array(square.length);
  for (let y = 0, to = 0; y < side; y++) {
    for (let x = 0, from = start + y * down; x < side; x++, from += right, to += 3) {
      turned[to] = square[from]!;
      turned[to + 1] = square[from + 1]!;
      turned[to + 2] = square[from + 2]!;
    }
  }
  return turned;
}
