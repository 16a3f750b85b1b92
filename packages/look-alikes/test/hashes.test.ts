import { describe, expect, test } from '@jest/globals';
import { perceptualHash } from '@tagmill/tagger';
import fc from 'fast-check';
import { seededRandom } from '../../../test/helpers/random.ts';
import { HashList } from '../src/index.ts';

const hash = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((bits) => bits.toString(16).padStart(16, '0'));

const SIDE = 64;
/** A smooth picture that is no mirror image of itself. */
function picture(seed: number): Float32Array {
  const random = seededRandom(seed);
  const waves = Array.from({ length: 12 }, () => Array.from({ length: 4 }, () => 7 * random()) as Wave);
  return Float32Array.from({ length: SIDE * SIDE }, (_, at) => {
    const [x, y] = [(at % SIDE) / SIDE, Math.floor(at / SIDE) / SIDE];
    return (
      128 + waves.reduce((sum, [a, b, c, d]) => sum + 8 * Math.sin(3 * a * x + 3 * b * y + c) * Math.cos(d * y), 0)
    );
  });
}
type Wave = [number, number, number, number];

const mirrorAcross = (luma: Float32Array) => luma.map((_, at) => luma[at - (at % SIDE) + SIDE - 1 - (at % SIDE)]!);
const exchangeDiagonals = (luma: Float32Array) =>
  luma.map((_, at) => luma[(at % SIDE) * SIDE + Math.floor(at / SIDE)]!);
const turn = (luma: Float32Array) => mirrorAcross(exchangeDiagonals(luma));

describe('the distance of two hashes', () => {
  test('is never more than the bits that differ, the same both ways, and 0 to itself', () => {
    fc.assert(
      fc.property(hash, hash, (a, b) => {
        const hashes = new HashList([a, b]);
        const differing = (BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2).replaceAll('0', '').length;
        expect(hashes.distance(0, 1)).toBeLessThanOrEqual(differing);
        expect(hashes.distance(1, 0)).toBe(hashes.distance(0, 1));
        expect(hashes.distance(0, 0)).toBe(0);
      }),
    );
  });

  test.each([
    ['turned by 90 degrees', turn],
    ['turned by 180 degrees', (luma: Float32Array) => turn(turn(luma))],
    ['turned by 270 degrees', (luma: Float32Array) => turn(turn(turn(luma)))],
    ['mirrored', mirrorAcross],
    ['mirrored and turned', (luma: Float32Array) => turn(mirrorAcross(luma))],
  ])('of a picture to itself %s is a bit or two, and to another picture many', (_, lay) => {
    for (let seed = 1; seed <= 8; seed++) {
      const [luma, other] = [picture(seed), picture(seed + 100)];
      const hashes = new HashList([luma, lay(luma), other].map((each) => perceptualHash(each, SIDE)));
      expect(hashes.distance(0, 1)).toBeLessThanOrEqual(2);
      expect(hashes.distance(0, 2)).toBeGreaterThan(8);
    }
  });
});

test('what is no hash is refused', () => {
  expect(() => new HashList(['0011'])).toThrow('0011 is no perceptual hash');
});
