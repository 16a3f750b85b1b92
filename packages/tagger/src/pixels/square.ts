import type { RgbPixels } from './scaling.ts';

/**
 * Cuts a square out of a picture.
 *
 * @returns side x side x 3 bytes.
 */
export function cutSquare({ data, width }: RgbPixels, left: number, top: number, side: number): Uint8Array {
  const square = new Uint8Array(side * side * 3);
  for (let y = 0; y < side; y++) {
    const start = ((top + y) * width + left) * 3;
    square.set(data.subarray(start, start + side * 3), y * side * 3);
  }
  return square;
}
