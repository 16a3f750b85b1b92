/**
 * How bright pixels are, by the weights of ITU-R BT.601, section 2.5.1.
 *
 * @param pixels side x side x 3 bytes, RGB; what follows isn't read.
 * @returns side x side numbers, 0 to 255.
 */
export function readLuma(pixels: Uint8Array, side: number): Float32Array {
  const luma = new Float32Array(side * side);
  for (let i = 0, at = 0; i < luma.length; i++, at += 3) {
    luma[i] = 0.299 * pixels[at]! + 0.587 * pixels[at + 1]! + 0.114 * pixels[at + 2]!;
  }
  return luma;
}
