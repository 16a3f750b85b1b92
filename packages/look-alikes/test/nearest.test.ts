import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NearestSearch } from '../src/index.ts';

function plainNearest(rows: readonly Int8Array[], query: Int8Array, limit: number): number[] {
  const product = (a: Int8Array, b: Int8Array) => a.reduce((sum, each, i) => sum + each * b[i]!, 0);
  const likeness = (row: Int8Array) =>
    product(row, query) / (Math.sqrt(product(row, row)) * Math.sqrt(product(query, query)) || Number.POSITIVE_INFINITY);
  return rows
    .map(likeness)
    .toSorted((a, b) => b - a)
    .slice(0, limit);
}

function searchAmong(rows: readonly Int8Array[]): NearestSearch {
  const search = new NearestSearch(rows[0]!.length);
  for (const row of rows) search.add(row);
  return search;
}

test('the nearest are those that comparing with each gives, whatever the dimensions', () => {
  const given = fc.integer({ min: 1, max: 40 }).chain((dimensions) => {
    const row = fc.int8Array({ minLength: dimensions, maxLength: dimensions });
    return fc.record({
      rows: fc.array(row, { minLength: 1, maxLength: 60 }),
      query: row,
      limit: fc.integer({ min: 1, max: 9 }),
    });
  });
  fc.assert(
    fc.property(given, ({ rows, query, limit }) => {
      const found = searchAmong(rows).nearest(query, limit);
      const expected = plainNearest(rows, query, limit);
      expect(found).toHaveLength(expected.length);
      found.forEach(({ likeness }, i) => expect(likeness).toBeCloseTo(expected[i]!, 5));
      expect(new Set(found.map(({ index }) => index)).size).toBe(found.length);
    }),
  );
});

test('an embedding is found among more than are ranked at once, and equals come in their order', () => {
  const rows = Array.from({ length: 10_000 }, (_, i) => Int8Array.of(i % 100, 100, -(i % 7), 1));
  rows[9_000] = Int8Array.of(0, 0, 0, 127);
  rows[9_500] = Int8Array.of(0, 0, 0, 127);
  const found = searchAmong(rows).nearest(Int8Array.of(0, 0, 0, 1), 2);
  expect(found.map(({ index }) => index)).toEqual([9_000, 9_500]);
  for (const { likeness } of found) expect(likeness).toBeCloseTo(1, 6);
});

test('the largest numbers of many dimensions do not overflow', () => {
  const row = new Int8Array(1024).fill(-128);
  expect(searchAmong([row]).nearest(row, 1)[0]!.likeness).toBeCloseTo(1, 6);
});

test('an embedding of other dimensions is refused', () => {
  const search = searchAmong([Int8Array.of(1, 2)]);
  expect(() => search.add(Int8Array.of(1))).toThrow('An embedding of 1 numbers among those of 2');
  expect(() => search.nearest(Int8Array.of(1, 2, 3), 1)).toThrow('An embedding of 3 numbers among those of 2');
});
