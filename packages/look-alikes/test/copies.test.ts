import { describe, expect, test } from '@jest/globals';
import type { Fingerprint } from '@tagmill/core';
import { findCopies, isSamePicture, type Picture } from '../src/index.ts';

const HASH = '123456789abcdef0';
const OTHER_HASH = 'e1c2a3948576fd01';
/** The hash with the bits of a mask inverted. */
const invert = (mask: bigint) => (BigInt(`0x${HASH}`) ^ mask).toString(16).padStart(16, '0');
const SPACE = 'made-4-abc';
const pack = (...numbers: number[]) => Buffer.from(Int8Array.from(numbers)).toString('base64');
const NEAR = pack(100, 10, 0, 0);

interface Given extends Partial<Omit<Picture, 'name' | 'fingerprint'>>, Partial<Fingerprint> {}

function picture(name: string, { hash = HASH, sharpness = 100, embedding = NEAR, ...more }: Given = {}): Picture {
  return {
    name,
    width: 40,
    height: 30,
    resolution: 128,
    ...more,
    fingerprint: { hash, sharpness, space: SPACE, embedding },
  };
}

const namesOf = (groups: ReturnType<typeof findCopies>) =>
  groups.map(({ keep, others }) => [keep.name, ...others.map((each) => each.picture.name)]);

describe('copies', () => {
  test('of different pictures are different groups; what has no copy is in none', () => {
    const other = { hash: OTHER_HASH, embedding: pack(0, 0, 100, 0) };
    const found = findCopies([
      picture('a'),
      picture('x', other),
      picture('b'),
      picture('y', other),
      picture('lone', { hash: '0f1e2d3c4b5a6978', embedding: pack(0, 0, 0, 9) }),
    ]);
    expect(namesOf(found)).toEqual([
      ['a', 'b'],
      ['x', 'y'],
    ]);
  });

  test('are told with the bits and the cosine that they differ by from the one to keep', () => {
    const [group] = findCopies([picture('a'), picture('b', { hash: invert(0b1111n), width: 20 })]);
    expect(group!.keep.name).toBe('a');
    expect(group!.others).toEqual([{ picture: expect.objectContaining({ name: 'b' }), distance: 4, likeness: 1 }]);
  });

  test.each<[string, Given, Given]>([
    ['largest', { width: 80 }, { sharpness: 900 }],
    ['sharpest', { sharpness: 150 }, { takenAt: '2020-01-01T00:00:00' }],
    ['earliest', { takenAt: '2020-01-01T00:00:00' }, { takenAt: '2021-01-01T00:00:00', bytes: 9 }],
    ['earliest', { takenAt: '2020-01-01T00:00:00' }, { bytes: 9 }],
    ['most bytes', { bytes: 9 }, { bytes: 8 }],
  ])('the %s is kept, whichever comes first', (why, better, worse) => {
    for (const [keep, other] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      for (const pictures of [
        [picture(keep, better), picture(other, worse)],
        [picture(other, worse), picture(keep, better)],
      ]) {
        expect(findCopies(pictures)).toMatchObject([{ keep: { name: keep }, why }]);
      }
    }
  });

  test('that are equal in all are told by name', () => {
    expect(findCopies([picture('b'), picture('a')])).toMatchObject([{ keep: { name: 'a' }, why: 'first by name' }]);
  });

  test('that networks of different resolutions saw are not told by sharpness', () => {
    const found = findCopies([picture('a', { bytes: 2, resolution: 96 }), picture('b', { bytes: 1, sharpness: 500 })]);
    expect(found).toMatchObject([{ keep: { name: 'a' }, why: 'most bytes' }]);
  });

  test('of copies are copies, too', () => {
    const chain = [HASH, invert(0x3fn), invert(0x3f00003fn)].map((hash, i) => picture(`${i}`, { hash, embedding: '' }));
    expect(namesOf(findCopies(chain))).toEqual([['0', '1', '2']]);
    expect(findCopies([chain[0]!, chain[2]!])).toEqual([]);
  });
});

describe('two images show the same picture', () => {
  test.each([
    [{ distance: 8, likeness: undefined, sharpness: 50 }, true],
    [{ distance: 9, likeness: undefined, sharpness: 50 }, false],
    [{ distance: 8, likeness: 0.1, sharpness: 50 }, true],
    [{ distance: 12, likeness: 0.9, sharpness: 50 }, true],
    [{ distance: 12, likeness: 0.89, sharpness: 50 }, false],
    [{ distance: 16, likeness: 0.93, sharpness: 50 }, false],
    [{ distance: 16, likeness: 0.95, sharpness: 50 }, true],
    [{ distance: 21, likeness: 1, sharpness: 50 }, false],
    // Of a plain picture the hash says nothing.
    [{ distance: 0, likeness: undefined, sharpness: 0 }, false],
    [{ distance: 0, likeness: 0.95, sharpness: 0 }, true],
  ])('by %o: %s', (compared, expected) => {
    expect(isSamePicture(compared)).toBe(expected);
  });
});
