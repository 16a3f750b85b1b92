import { describe, expect, test } from '@jest/globals';
import type { ImageRecord } from '@tagmill/core';
import fc from 'fast-check';
import { includes } from '../src/expression/confidences.ts';
import { parseExpression } from '../src/expression/expression.ts';
import { type Facts, matches, type Predicate } from '../src/expression/matches.ts';
import { deriveFacts } from '../src/facts.ts';
import { makePostings } from '../src/index.ts';
import { type AccessPath, chooseAccessPaths } from '../src/query/access-path.ts';
import { knownNamesIn } from '../src/query/known-names.ts';
import { lookUpNames } from '../src/query/look-up-names.ts';
import { PAIRS, randomExpression, randomRecord, SYNONYMS, TAG_KEYS } from './random-expressions.ts';
import { record, tag } from './records.ts';

const name = { bucket: 'photos', key: 'a.jpg' };
const tagNames = {
  beginningWith: async (prefix: string) => TAG_KEYS.filter((key) => key.startsWith(prefix)),
  below: async (prefix: string) => PAIRS.filter(({ above, below }) => `${above}#${below}`.startsWith(prefix)),
};

const meter = { readUnits: 0 };
const understand = async (text: string) => {
  const isName = await knownNamesIn(text, { known: [...SYNONYMS.keys(), 'caf\u00e9'], tagNames, meter });
  return lookUpNames(parseExpression(text, isName), { tagNames, synonyms: SYNONYMS, meter });
};
const parse = (text: string) => parseExpression(text, () => true);
const facts = (of: ImageRecord): Facts => deriveFacts(of, makePostings(of));

const imageRecord = randomRecord.map(
  ({ takenAt, ...more }): ImageRecord => ({ ...more, image: { ...name, ...(takenAt && { takenAt }) } }),
);

/** Whether an image is among what an access path reads. */
function leadsTo(path: AccessPath, { names, posted, outcome, taggedAt }: Facts): boolean {
  if (path.by === 'outcomes') return path.outcomes.includes(outcome) && taggedAt >= path.from && taggedAt <= path.to;
  return path.lists.some(({ tag, confidences }) => posted.includes(tag) && includes(confidences, names.get(tag)!));
}

test('an expression means what a plain reading of it means', async () => {
  await fc.assert(
    fc.asyncProperty(
      randomExpression,
      fc.array(imageRecord, { minLength: 20, maxLength: 20 }),
      async (expression, records) => {
        const predicate = await understand(expression.text);
        for (const each of records) expect(matches(predicate, facts(each))).toBe(expression.matches(each, []));
      },
    ),
    { numRuns: 1000, seed: 1 },
  );
}, 60_000);

test('whatever leads to the answers leads to all of them', async () => {
  await fc.assert(
    fc.asyncProperty(
      randomExpression,
      fc.array(imageRecord, { minLength: 20, maxLength: 20 }),
      fc.infiniteStream(fc.nat(10)),
      async (expression, records, sizes) => {
        const predicate = await understand(expression.text);
        const paths = await chooseAccessPaths(predicate, { measure: async () => sizes.next().value });
        const answers = records.filter((each) => expression.matches(each, []));
        expect(answers.filter((each) => !paths.every((path) => leadsTo(path, facts(each))))).toEqual([]);
      },
    ),
    { numRuns: 1000, seed: 1 },
  );
}, 60_000);

describe('an expression', () => {
  const dog = record('a.jpg', [tag('collie', 0.6, 'dog')], {
    image: { ...name, takenAt: '2026-01-01T00:30:00+05:00' },
  });
  const isTrue = async (text: string, of = dog) => matches(await understand(text), facts(of));

  test('asks of the names beside a confidence that they reach it, and no others', async () => {
    expect(await isTrue('dog and confidence>0.5')).toBe(true);
    expect(await isTrue('dog and confidence>0.6')).toBe(false);
    expect(await isTrue('dog and confidence>=0.6')).toBe(true);
    expect(await isTrue('(dog or cat) and confidence>0.6')).toBe(false);
    expect(await isTrue('dog and (cat or confidence>0.6)')).toBe(false);
    expect(await isTrue('dog or cat and confidence>0.6')).toBe(true);
  });

  test('rules out what is suspected as well, however unsure, by not', async () => {
    const both = record('a.jpg', [tag('dog', 0.9), tag('cat', 0.1)]);
    expect(await isTrue('dog and not cat and confidence>0.5', both)).toBe(false);
    expect(await isTrue('dog and not (cat and confidence>0.5) and confidence>0.5', both)).toBe(true);
  });

  test('asks by confidence alone about whatever the image is found by most surely', async () => {
    expect(await isTrue('confidence>0.5')).toBe(true);
    expect(await isTrue('confidence<0.5')).toBe(false);
    expect(await isTrue('confidence>=0', record('a.jpg', []))).toBe(false);
  });

  test.each([
    ['taken:2026', true],
    ['taken>2025', true],
    ['taken>2026', false],
    ['taken>=2026-01-01', true],
    ['taken>2026-01-01', false],
    ['taken<2026-01-01T00:31', true],
    ['taken<=2026-01-01T00:30', true],
    ['taken:2026-01-01T00:30:00', true],
    ['taken>2024-02-29', true],
    ['taken<2026-12-31T23:59:59', true],
  ])('takes a date for all of its year, month, day or minute, by the camera’s clock: %s', async (text, expected) => {
    expect(await isTrue(text)).toBe(expected);
  });

  test.each(['DOG', 'Hound', 'coll*', 'hou*', '"collie"', 'col*'])(
    'finds a collie by its tag, parent or synonym: %s',
    async (text) => {
      expect(await isTrue(text)).toBe(true);
    },
  );

  test('finds what is written in another Unicode form', async () => {
    expect(await isTrue('cafe\u0301', record('a.jpg', [tag('Café', 0.5)]))).toBe(true);
  });

  test.each([
    ['', 1, /expected a name.*found the end/],
    ['dog and (', 10, /expected a name.*found the end/],
    ['dog and and', 9, /expected a name.*found "and"/],
    ['(dog', 5, /expected "\)"/],
    ['dog)', 4, /expected "and"/],
    ['not', 4, /expected a name/],
    ['dog and "cat', 9, /not closed/],
    ['dog or ""', 8, /empty/],
    ['dog or *', 8, /only at the end of a name/],
    ['confidence>', 12, /expected a value/],
    ['dog and confidence>1.5', 20, /no confidence from 0 to 1/],
    ['confidence>x', 12, /no confidence/],
    ['confidence:1', 11, /compared/],
    ['colour:red', 1, /unknown field colour; there are: confidence, folder, name, outcome, taken, tagged, variant/],
    ['dog>0.5', 1, /unknown field dog/],
    ['outcome>tagged', 1, /takes a colon/],
    ['outcome:great', 9, /unknown outcome great; there are: tagged, empty, rejected, failed/],
    ['taken>yesterday', 7, /no date/],
    ['taken>2026-1-1', 7, /no date/],
    ['taken:2026-13', 7, /2026-13 is no date/],
    ['taken:2026-00', 7, /no date/],
    ['tagged<2026-02-30', 8, /no date/],
    ['taken:2025-02-29', 7, /no date/],
    ['taken:2026-01-01T24:00', 7, /no date/],
    ['taken:2026-01-01T12:60', 7, /no date/],
    ['taken:2026-01-01T12:30:61', 7, /no date/],
  ])('that makes no sense says at which column: %j', (text, column, reason) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'invalid-argument', column }));
    expect(() => parse(text)).toThrow(reason);
  });
});

test.each([
  ['parentheses', '('.repeat(50_000), 201],
  ['negations', 'not '.repeat(50_000), 801],
  ['names', `dog${' and dog'.repeat(50_000)}`, 801],
])('an expression of too many %s is refused before it is parsed', (_, text, column) => {
  expect(() => parse(text)).toThrow(`column ${column}: too long: at most 200`);
});

test('an expression with a name that no key could hold is refused where it stands', () => {
  expect(() => parse(`dog and ${'ü'.repeat(201)}`)).toThrow('column 9: longer than 200 characters');
  expect(parse('ü'.repeat(200))).toMatchObject({ kind: 'name' });
});

describe('what leads to the answers', () => {
  const pathOf = async (text: string, sizes: Record<string, number> = {}) => {
    const measure = async (path: AccessPath) => sizes[path.by === 'tags' ? path.lists[0]!.tag : path.outcomes[0]!]!;
    const paths = await chooseAccessPaths(await understand(text), { measure });
    expect(paths).toHaveLength(1);
    return paths[0]!;
  };
  const tagsOf = (path: AccessPath) => (path.by === 'tags' ? path.lists.map(({ tag }) => tag) : path.outcomes);

  test('is the shortest list of a conjunction, all lists of a disjunction', async () => {
    expect(tagsOf(await pathOf('dog and collie', { dog: 90, collie: 3 }))).toEqual(['collie']);
    expect(tagsOf(await pathOf('dog or cat or collie'))).toEqual(['dog', 'collie', 'cat', 'tabby']);
    expect(tagsOf(await pathOf('dog and outcome:failed', { dog: 90, failed: 3 }))).toEqual(['failed']);
  });

  test('reads only the confidences and the times that can be answers', async () => {
    expect(await pathOf('dog and confidence>0.5 and confidence<=0.75')).toMatchObject({
      lists: [
        { tag: 'dog', confidences: { from: 5001, to: 7500 } },
        // A collie is a dog, and may be a surer one.
        { tag: 'collie', confidences: { from: 0, to: 10_000 } },
      ],
    });
    expect(await pathOf('tagged:2026-01 and not cat')).toMatchObject({ from: '2026-01', to: '2026-01~' });
  });

  test.each(['not dog', 'confidence>0.5', 'taken:2026', 'variant:*', 'dog or not cat', 'dog or taken:2026', 'italy'])(
    'is the whole index where nothing narrows it: %s',
    async (text) => {
      expect(tagsOf(await pathOf(text))).toEqual(['tagged', 'empty', 'rejected', 'failed']);
    },
  );

  test.each([
    ['a list of each name', 24, [['tags', 24]]],
    [
      'the newest images, and all lists if too few of those are answers',
      25,
      [
        ['outcomes', 2],
        ['tags', 25],
      ],
    ],
    ['the newest images, of more names than can be merged', 101, [['outcomes', 2]]],
  ])('is %s', async (_, count, expected) => {
    const below = Array.from({ length: count }, (_, i) => `tag ${i}`);
    const predicate: Predicate = { kind: 'tags', tags: [], below, confidences: { from: 0, to: 10_000 } };
    const paths = await chooseAccessPaths(predicate, { measure: async () => 0 });
    expect(paths.map((path) => [path.by, tagsOf(path).length])).toEqual(expected);
    const narrow: Predicate = { ...predicate, below: ['collie'] };
    const both = await chooseAccessPaths({ kind: 'and', terms: [predicate, narrow] }, { measure: async () => 0 });
    if (count > 24) expect(both.map(tagsOf)).toEqual([['collie']]);
  });
});
