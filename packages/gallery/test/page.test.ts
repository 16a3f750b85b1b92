import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { complete, namesBeforeCaret, quote, replaceWord } from '../page/completion.ts';
import { fileName, formatBytes, formatMs } from '../page/format.ts';
import { gridWindow } from '../page/grid-window.ts';
import { stagesOf } from '../page/stages.ts';

describe('the grid', () => {
  const sizes = fc.record({
    width: fc.integer({ min: 120, max: 4000 }),
    viewportHeight: fc.integer({ min: 0, max: 3000 }),
    scrollTop: fc.integer({ min: 0, max: 3_000_000 }),
    count: fc.integer({ min: 0, max: 10_000 }),
  });

  test('renders every tile in sight, and few besides', () => {
    fc.assert(
      fc.property(sizes, (size) => {
        const { columns, rowHeight, height, offset, start, end } = gridWindow(size);
        expect(start % columns).toBe(0);
        expect(offset).toBe((start / columns) * rowHeight);
        expect(height).toBe(Math.ceil(size.count / columns) * rowHeight);
        const firstSeen = Math.min(Math.floor(size.scrollTop / rowHeight) * columns, size.count);
        const lastSeen = Math.min(Math.ceil((size.scrollTop + size.viewportHeight) / rowHeight) * columns, size.count);
        if (firstSeen < size.count) expect(start).toBeLessThanOrEqual(firstSeen);
        expect(end).toBeGreaterThanOrEqual(lastSeen);
        expect(end - start).toBeLessThanOrEqual((Math.ceil(size.viewportHeight / rowHeight) + 6) * columns);
      }),
    );
  });

  test('has two columns on a telephone and more on a desk', () => {
    const columns = (width: number) => gridWindow({ width, viewportHeight: 800, scrollTop: 0, count: 100 }).columns;
    expect([320, 368, 1100].map(columns)).toEqual([2, 2, 6]);
  });
});

describe('completion', () => {
  test.each([
    ['do', 2, [['do', 0]]],
    ['dog and not ca', 14, [['ca', 12]]],
    [
      'golden ret',
      10,
      [
        ['golden ret', 0],
        ['ret', 7],
      ],
    ],
    [
      'dog  golden ret',
      15,
      [
        ['dog golden ret', 0],
        ['golden ret', 5],
        ['ret', 12],
      ],
    ],
    [
      'dog -golden ret',
      15,
      [
        ['golden ret', 5],
        ['ret', 12],
      ],
    ],
    [
      'a b c d',
      7,
      [
        ['b c d', 2],
        ['c d', 4],
        ['d', 6],
      ],
    ],
    ['confidence>0.5 do', 17, [['do', 15]]],
    ['dog and "sports c', 17, [['sports c', 8]]],
    ['(fl', 3, [['fl', 1]]],
    ['cat and dog', 3, [['cat', 0]]],
    ['t-sh', 4, [['t-sh', 0]]],
  ] as [string, number, [string, number][]][])('of %s at %d is about %j', (expression, caret, names) => {
    expect(namesBeforeCaret(expression, caret)).toEqual(names.map(([text, start]) => ({ text, start })));
  });

  test.each([
    ['', 0],
    ['dog ', 4],
    ['dog and', 7],
    ['"sports car" ', 13],
    ['"sports car"', 12],
    ['confidence>0', 12],
    ['-', 1],
    ['(', 1],
  ])('offers nothing after %s', (expression, caret) => {
    expect(namesBeforeCaret(expression, caret)).toEqual([]);
  });

  test.each([
    ['cat or spo', 7, 10, '"sports car"', 'cat or "sports car"', 19],
    ['cat or "sports c', 7, 16, '"sports car"', 'cat or "sports car"', 19],
    ['cat or "sports c"', 7, 16, '"sports car"', 'cat or "sports car"', 19],
    ['golden ret', 0, 10, '"golden retriever"', '"golden retriever"', 18],
    ['do and cat', 0, 2, 'dog', 'dog and cat', 3],
  ])('completes %s', (expression, start, caret, name, completed, after) => {
    expect(complete(expression, { start, caret }, name)).toEqual({ expression: completed, caret: after });
  });

  test.each([
    ['dgo', 'dgo', 'dog', 'dog'],
    ['dgo -cat', 'dgo', 'dog', 'dog -cat'],
    ['cat (dgo or dgos)', 'dgo', 'dog', 'cat (dog or dgos)'],
    ['"sports cra" 2009', 'sports cra', 'sports car', '"sports car" 2009'],
    ['a+b', 'a+b', 'ab', 'ab'],
  ])('puts what was meant in place of a word: %s', (expression, word, name, expected) => {
    expect(replaceWord(expression, word, name)).toBe(expected);
  });

  test('quotes what would be read otherwise', () => {
    const names = ['dog', 'sports car', 'not', 't-shirt', '12" record', 'a\\b'];
    expect(names.map(quote)).toEqual(['dog', '"sports car"', '"not"', 't-shirt', '"12\\" record"', '"a\\\\b"']);
  });
});

describe('stages', () => {
  test('come in their order, with what none of them accounts for', () => {
    const stages = stagesOf({ queueMs: 900, fetchMs: 10, decodeMs: 20, inferMs: 30, storeMs: 35, totalMs: 100 });
    expect(stages.map(({ name, ms }) => [name, ms])).toEqual([
      ['fetch', 10],
      ['decode', 20],
      ['infer', 30],
      ['store', 35],
      ['other', 5],
    ]);
    expect(stages.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  });

  test('of a file have no fetch and no store', () => {
    expect(stagesOf({ decodeMs: 3, inferMs: 1, totalMs: 4 }).map(({ name }) => name)).toEqual(['decode', 'infer']);
  });

  test('that took no measurable time have no share', () => {
    expect(stagesOf({ decodeMs: 0, inferMs: 0, totalMs: 0 }).map(({ share }) => share)).toEqual([0, 0]);
  });
});

test('sizes, times and names are as short as they can be', () => {
  expect([999, 20_000, 3 * 2 ** 20].map(formatBytes)).toEqual(['999 B', '20 KiB', '3.0 MiB']);
  expect([0.24, 99.94, 184.4, 1788].map(formatMs)).toEqual(['0.2 ms', '99.9 ms', '184 ms', '1.8 s']);
  expect(['in/5f2b0c11-IMG_1.jpg', 'in/IMG_1.jpg', '5f2b0c11-'].map(fileName)).toEqual([
    'IMG_1.jpg',
    'IMG_1.jpg',
    '5f2b0c11-',
  ]);
});
