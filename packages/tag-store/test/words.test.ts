import { describe, expect, test } from '@jest/globals';
import { parseExpression } from '../src/expression/expression.ts';
import { matches, type Predicate } from '../src/expression/matches.ts';
import { dateRange } from '../src/expression/words.ts';
import { deriveFacts } from '../src/facts.ts';
import { makePostings } from '../src/index.ts';
import { lookUpNames } from '../src/query/look-up-names.ts';
import { record, tag } from './records.ts';

const NAMES = ['dog', 'cat', 'golden retriever', 'golden', 'sports car', 'car'];
const isName = (name: string, { isPrefix }: { isPrefix: boolean }) =>
  NAMES.some((known) => (isPrefix ? known.startsWith(name.toLowerCase()) : known === name.toLowerCase()));
const meter = { readUnits: 0 };
const tagNames = {
  beginningWith: async (key: string) => NAMES.filter((name) => name.startsWith(key)),
  below: async () => [],
};

const predicateOf = (text: string): Promise<Predicate> =>
  lookUpNames(parseExpression(text, isName), { tagNames, synonyms: new Map(), meter });

/** Whether an image of these tags, in a file of this name and of this time, is what is asked for. */
async function isFound(text: string, tags: string[], key = 'a.jpg', takenAt?: string) {
  const image = { bucket: 'photos', key, ...(takenAt && { takenAt }) };
  const of = record(
    key,
    tags.map((name) => tag(name, 0.6)),
    { image },
  );
  return matches(await predicateOf(text), deriveFacts(of, makePostings(of)));
}

describe('words side by side', () => {
  test.each([
    ['golden retriever', 'golden retriever'],
    ['Golden Retriever', 'golden retriever'],
    ['sports car', 'sports car'],
    ['dog cat', 'dog and cat'],
    ['dog sports car cat', 'dog and "sports car" and cat'],
    ['dog -cat', 'dog and not cat'],
    ['-cat', 'not cat'],
    ['dog not cat', 'dog and not cat'],
    ['dog -sports car', 'dog and not "sports car"'],
    ['-sports car dog', 'not "sports car" and dog'],
    ['not (dog cat)', 'not (dog and cat)'],
    ['-"golden retriever"', 'not "golden retriever"'],
    ['-(cat or dog)', 'not (cat or dog)'],
    ['dog confidence>0.5', 'dog and confidence>0.5'],
    ['confidence>0.5 sports car', '"sports car" and confidence>0.5'],
    ['dog or sports car', 'dog or "sports car"'],
    ['dog (cat or golden)', 'dog and (cat or golden)'],
    ['golden ret*', '"golden ret"*'],
    ['dog -outcome:failed', 'dog and not outcome:failed'],
    ['dog & cat', 'dog and cat'],
  ])('%s means %s', async (typed, meant) => {
    expect(await predicateOf(typed)).toEqual(await predicateOf(meant));
  });

  test('are a name only as far as there is one', async () => {
    expect(await isFound('golden retriever', ['golden', 'dog'])).toBe(false);
    expect(await isFound('golden dog', ['golden', 'dog'])).toBe(true);
    expect(await isFound('"golden dog"', ['golden', 'dog'])).toBe(false);
  });
});

describe('a word that no tag has', () => {
  const italy = '2009/Summer in Italy/IMG_1234.jpg';

  test.each([
    ['italy', true],
    ['ITA', true],
    ['taly', false],
    ['summer italy', true],
    ['"summer in"', true],
    ['"in summer"', false],
    ['img_1234', true],
    ['1234', true],
    ['img_1234.jpg', true],
    ['IMG_12*', true],
    ['spain', false],
    ['dog italy', true],
    ['cat italy', false],
    ['-italy', false],
    ['name:italy', true],
    ['name:"summer in italy"', true],
    ['name:dog', false],
    ['folder:2009', true],
    ['folder:"2009/Summer in Italy"', true],
    ['folder:"2009/summer in italy/"', true],
    ['folder:"2009/Summer"', false],
    ['folder:"Summer in Italy"', false],
    ['&', false],
  ])('is looked for in the names of file and folders: %s', async (text, expected) => {
    expect(await isFound(text, ['dog'], italy)).toBe(expected);
  });

  test('has no confidence', async () => {
    expect(await isFound('italy confidence>0.5', ['dog'], italy)).toBe(true);
    expect(await isFound('italy confidence>0.7', ['dog'], italy)).toBe(false);
    expect(await isFound('italy dog confidence>0.7', ['dog'], italy)).toBe(false);
  });
});

describe('a date', () => {
  test.each([
    ['2009', '2009-01-31T10:00:00', true],
    ['2009', '2010-01-31T10:00:00', false],
    ['2009-06', '2009-06-30T23:59:59+02:00', true],
    ['2009-06-15', '2009-06-15T00:00:00', true],
    ['2009-06-15', '2009-06-16T00:00:00', false],
    ['summer 2009', '2009-06-01T00:00:00', true],
    ['summer 2009', '2009-08-31T00:00:00', true],
    ['summer 2009', '2009-09-01T00:00:00', false],
    ['winter 2009', '2010-02-28T00:00:00', true],
    ['winter 2009', '2009-02-28T00:00:00', false],
    ['June 2009', '2009-06-30T00:00:00', true],
    ['2009 jun', '2009-06-30T00:00:00', true],
    ['dog 2009', '2009-06-30T00:00:00', true],
    ['cat 2009', '2009-06-30T00:00:00', false],
    ['dog -2009', '2009-06-30T00:00:00', false],
    ['taken:2009', '2009-06-30T00:00:00', true],
  ])('%s finds a photo of %s: %s', async (text, takenAt, expected) => {
    expect(await isFound(text, ['dog'], 'a.jpg', takenAt)).toBe(expected);
  });

  test('also finds a file or a folder that is called so', async () => {
    expect(await isFound('2009', [], '2009/a.jpg')).toBe(true);
    expect(await isFound('2009', [], '20090612_101500.jpg')).toBe(true);
    expect(await isFound('summer 2009', [], 'Summer 2009/a.jpg')).toBe(true);
    expect(await isFound('summer 2009', [], 'Winter 2009/a.jpg')).toBe(false);
    expect(await isFound('"summer" 2009', [], 'Summer/2009/a.jpg')).toBe(true);
  });

  test.each(['1234', '2009-13', '2009-02-30', 'summer', 'ma 2009', 'summer 12', '2009 2010', 'xyz 2009'])(
    'is not what %s tells',
    (text) => {
      expect(dateRange(text)).toBeUndefined();
    },
  );
});
