import { afterEach, expect, test } from '@jest/globals';
import { fitPaths, shortenPath } from '../../src/output/table-width.ts';

const columns = process.env.COLUMNS;
afterEach(() => {
  if (columns === undefined) delete process.env.COLUMNS;
  else process.env.COLUMNS = columns;
});

const ROWS = [
  ['', 'image', 'keep'],
  ['1', 'photos/2009/Summer in Italy/IMG_1234.jpg', 'yes: largest'],
];
/** Each cell has a space at both sides and a line after it, and the row a line before it. */
const widthOf = (row: readonly string[]) => row.reduce((sum, { length }) => sum + length + 3, 1);

test('a path loses its beginning, as far as the table would be too wide', () => {
  process.env.COLUMNS = '50';
  const [head, row] = fitPaths(ROWS, 1);
  expect(head).toEqual(ROWS[0]);
  expect(row).toEqual(['1', '…mmer in Italy/IMG_1234.jpg', 'yes: largest']);
  expect(widthOf(row!)).toBe(50);
});

test('a path that fits stays, and one that never fits keeps its end', () => {
  process.env.COLUMNS = '200';
  expect(fitPaths(ROWS, 1)).toEqual(ROWS);
  process.env.COLUMNS = '10';
  expect(fitPaths(ROWS, 1)[1]![1]).toBe('…MG_1234.jpg');
  expect(shortenPath('a.jpg', 5)).toBe('a.jpg');
});
