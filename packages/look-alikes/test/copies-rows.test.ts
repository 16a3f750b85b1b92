import { expect, test } from '@jest/globals';
import { findCopies, findCopiesInTurns, listCopies, type Picture } from '../src/index.ts';

const picture = (name: string, hash: string, width: number): Picture => ({
  name,
  fingerprint: { hash, sharpness: 100, space: 's', embedding: Buffer.from([100, 20, -3]).toString('base64') },
  width,
  height: 10,
});
const COPIES = [picture('small', '00112233445566ff', 10), picture('large', '00112233445566fe', 20)];

test('a list of copies has the one to keep first, and what differs of the others', () => {
  const [group] = findCopies(COPIES);
  const whatever = { bytes: undefined, takenAt: undefined, height: 10, sharpness: 100, group: 7 };
  expect(listCopies(group!, 7)).toEqual([
    { ...whatever, image: 'large', keep: 'yes', why: 'largest', width: 20, distance: undefined, likeness: undefined },
    { ...whatever, image: 'small', keep: 'no', why: undefined, width: 10, distance: 1, likeness: 1 },
  ]);
});

test('copies are found in turns as at once, and others get their turns meanwhile', async () => {
  const many = Array.from({ length: 1500 }, (_, i) => picture(`${i}`, i.toString(16).padStart(16, '0'), 10));
  let turns = 0;
  const found = await findCopiesInTurns(many, () => {
    turns++;
    return false;
  });
  expect(found).toEqual(findCopies(many));
  expect(turns).toBeGreaterThan(1);
});

test('what nobody waits for any more is not found', async () => {
  const many = Array.from({ length: 1500 }, (_, i) => picture(`${i}`, i.toString(16).padStart(16, '0'), 10));
  expect(await findCopiesInTurns(many, () => true)).toBeUndefined();
});
