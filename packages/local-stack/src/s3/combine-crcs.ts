/**
 * The CRC of bytes that follow each other, from the CRCs of the pieces: bits are appended by multiplying polynomials over
 * GF(2), as zlib's crc32_combine does. https://github.com/madler/zlib/blob/develop/crc32.c
 *
 * @param polynomial reflected; so are the CRCs, and the lowest power is their highest bit.
 */
export function combineCrcs(
  pieces: readonly { crc: bigint; size: number }[],
  polynomial: bigint,
  width: number,
): bigint {
  let combined = 0n;
  for (const { crc, size } of pieces) {
    combined = multiply(powerOfX(BigInt(size) * 8n, polynomial, width), combined, polynomial, width) ^ crc;
  }
  return combined;
}

/** x to the power of n, modulo the polynomial. */
function powerOfX(n: bigint, polynomial: bigint, width: number): bigint {
  let power = 1n << BigInt(width - 1);
  let square = 1n << BigInt(width - 2);
  for (let rest = n; rest > 0n; rest >>= 1n) {
    if (rest & 1n) power = multiply(square, power, polynomial, width);
    square = multiply(square, square, polynomial, width);
  }
  return power;
}

function multiply(a: bigint, b: bigint, polynomial: bigint, width: number): bigint {
  let product = 0n;
  let shifted = b;
  for (let bit = 1n << BigInt(width - 1); bit > 0n; bit >>= 1n) {
    if (a & bit) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ polynomial : shifted >> 1n;
  }
  return product;
}
