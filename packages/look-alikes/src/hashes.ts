import { TagmillError } from '@tagmill/core';

const SIDE = 8;
const BITS_OF_CLASS = 16;
/** Of a hash: two as it is, two with its diagonals exchanged. */
const WORDS = 4;
const HASH = /^[0-9a-f]{16}$/;

/**
 * Perceptual hashes, to be compared however a picture is turned or mirrored. The bits of the tagger's `perceptualHash` are signs of
 * frequencies u across and v down, bit 8 v + u from the highest on. Mirroring a picture across inverts the bits of odd u, mirroring
 * it down those of odd v, and exchanging its diagonals exchanges u and v; the eight ways to lay a picture are made of these three.
 *
 * So a hash is kept as four classes of 16 bits: u even or odd, v even or odd. Bits that differ are counted once in each class. Inverting
 * a class turns a count n into 16 - n.
 *
 * @example
 * const hashes = new HashList(['00112233445566ff', '00112233445566fe']);
 * hashes.distance(0, 1); // 1
 */
export class HashList {
  readonly #words: Int32Array;

  /** @throws {TagmillError} `invalid-argument` if one isn't 16 hexadecimal digits. */
  constructor(hashes: readonly string[]) {
    this.#words = new Int32Array(hashes.length * WORDS);
    for (const [i, hash] of hashes.entries()) {
      if (!HASH.test(hash)) throw new TagmillError('invalid-argument', `${hash} is no perceptual hash`);
      const bits = BigInt(`0x${hash}`);
      const bitAt = (u: number, v: number) => Number((bits >> BigInt(63 - SIDE * v - u)) & 1n);
      this.#words.set(packClasses(bitAt), i * WORDS);
      this.#words.set(
        packClasses((u, v) => bitAt(v, u)),
        i * WORDS + WORDS / 2,
      );
    }
  }

  /** Bits that differ, in the way to lay one picture in which it is most like the other: 0 to 64. */
  distance(a: number, b: number): number {
    const words = this.#words;
    const first = words[a * WORDS]!;
    const second = words[a * WORDS + 1]!;
    const at = b * WORDS;
    return Math.min(
      leastOfMirrored(countPairs(first ^ words[at]!), countPairs(second ^ words[at + 1]!)),
      leastOfMirrored(countPairs(first ^ words[at + 2]!), countPairs(second ^ words[at + 3]!)),
    );
  }
}

/** Two words: v even, then v odd; in the upper half of each the bits of even u, in the lower those of odd u. */
function packClasses(bitAt: (u: number, v: number) => number): [number, number] {
  const words: [number, number] = [0, 0];
  for (let v = 0; v < SIDE; v++) {
    for (let u = 0; u < SIDE; u++) {
      const inClass = (v >> 1) * (SIDE / 2) + (u >> 1);
      const shift = inClass + (u % 2 === 0 ? BITS_OF_CLASS : 0);
      words[v % 2 === 0 ? 0 : 1] |= bitAt(u, v) << shift;
    }
  }
  return words;
}

/**
 * The set bits of each half of a word, as the halves of a number: Warren, "Hacker's Delight", section 5-1. All are integers of 32 bits, with which
 * V8 computes without floating point.
 */
function countPairs(word: number): number {
  let counts = (word - ((word >>> 1) & 0x55555555)) | 0;
  counts = ((counts & 0x33333333) + ((counts >>> 2) & 0x33333333)) | 0;
  counts = (counts + (counts >>> 4)) & 0x0f0f0f0f;
  return (counts + (counts >>> 8)) & 0x00ff00ff;
}

/** The least of the four sums: no class inverted, or those of odd u, of odd v, or of just one of them odd. */
function leastOfMirrored(evenV: number, oddV: number): number {
  // No arrays: this is called for every pair of images.
  const ee = evenV >>> 16;
  const oe = evenV & 0xffff;
  const eo = oddV >>> 16;
  const oo = oddV & 0xffff;
  const plain = ee + oe + eo + oo;
  const across = ee + (BITS_OF_CLASS - oe) + eo + (BITS_OF_CLASS - oo);
  const down = ee + oe + (BITS_OF_CLASS - eo) + (BITS_OF_CLASS - oo);
  const both = ee + (BITS_OF_CLASS - oe) + (BITS_OF_CLASS - eo) + oo;
  return Math.min(plain, across, down, both);
}
