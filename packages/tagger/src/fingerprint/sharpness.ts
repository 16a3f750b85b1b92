/** More digits of it say nothing. */
const DIGITS = 3;

/**
 * How sharp a picture is: the variance of its Laplacian (Pech-Pacheco et al. 2000, doi:10.1109/ICPR.2000.903548). What is in the picture
 * counts more than how sharp it is, so only pictures of one thing can be compared, at one size.
 *
 * @param luma side x side numbers, 0 to 255.
 * @returns 0 or more, in three digits.
 */
export function measureSharpness(luma: Float32Array, side: number): number {
  let [sum, squares] = [0, 0];
  for (let y = 1; y < side - 1; y++) {
    for (let at = y * side + 1; at < y * side + side - 1; at++) {
      const value = luma[at - side]! + luma[at - 1]! + luma[at + 1]! + luma[at + side]! - 4 * luma[at]!;
      sum += value;
      squares += value * value;
    }
  }
  const count = (side - 2) ** 2;
  return Number(Math.max(0, squares / count - (sum / count) ** 2).toPrecision(DIGITS));
}
