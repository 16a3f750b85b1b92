import { describe, expect, test } from '@jest/globals';
import type { Label } from '@tagmill/core';
import { lintTaxonomy } from '../src/index.ts';

/** Labels as `name, synonym … < parent, …`. */
const labelled = (...lines: string[]): Label[] =>
  lines.map((line, index) => {
    const [names = '', parents] = line.split(' < ');
    const [name = '', ...synonyms] = names.split(', ');
    return { index, name, synonyms, parents: parents?.split(', ') ?? [] };
  });

describe('the taxonomy’s linter', () => {
  test.each<[string, Label[], string[]]>([
    ['has nothing to say of labels without any broader tag', labelled('cat', 'dog'), []],
    ['allows a label above others', labelled('dog < animal', 'poodle < dog, animal'), []],
    [
      'finds two labels of one name, in any case',
      labelled('crane', 'Crane'),
      ['"Crane" means labels 0 (crane) and 1 (Crane)'],
    ],
    [
      'finds a synonym that is another label',
      labelled('toad', 'frog, Toad'),
      ['"Toad" means labels 0 (toad) and 1 (frog)'],
    ],
    [
      'finds one word encoded in two ways',
      labelled('caf\u00e9', 'cafe\u0301'),
      ['"cafe\u0301" means labels 0 (caf\u00e9) and 1 (cafe\u0301)'],
    ],
    ['finds a synonym that says the name again', labelled('ATM, atm'), ['"atm" is said twice by label 0 (ATM)']],
    [
      'finds a broader tag listed twice',
      labelled('cat < pet, Pet'),
      ['"Pet" is twice above label 0 (cat)', '"Pet" is also written "pet"'],
    ],
    [
      'finds a synonym that is a broader tag',
      labelled('beagle, hound < dog', 'husky < hound'),
      ['"hound" is a broader tag and a synonym of label 0 (beagle)'],
    ],
    ['finds a broader tag written in two ways', labelled('cat < Pet', 'dog < pet'), ['"pet" is also written "Pet"']],
    [
      'finds labels that stand above each other',
      labelled('a < b', 'b < c', 'c < a', 'd < a'),
      ['Above each other: a < b < c < a'],
    ],
    ['finds a label above itself', labelled('a < a'), ['Above each other: a < a']],
    [
      'finds a label with nothing above it, where others have',
      labelled('cat < pet', 'sofa'),
      ['Nothing is above label 1 (sofa)'],
    ],
  ])('%s', (_, labels, expected) => {
    expect(lintTaxonomy(labels).map(({ message }) => message)).toEqual(expected);
  });

  test.each(['', ' cat', 'cat ', 'two  spaces', 'a\tb', 'x'.repeat(199), '"'.repeat(100)])(
    'finds %j unsearchable',
    (name) => {
      expect(lintTaxonomy([{ index: 0, name, synonyms: [], parents: [] }])).toMatchObject([{ kind: 'unsearchable' }]);
    },
  );

  test('finds thresholds that no tag can reach', () => {
    const thresholds = { Cat: 0, pet: 1, dog: 0.5, CAT: 1.01, cat: Number.NaN };
    expect(lintTaxonomy(labelled('cat < pet'), { thresholds })).toEqual([
      { kind: 'unreachable-threshold', message: 'A threshold for "dog", which is no label or broader tag' },
      { kind: 'unreachable-threshold', message: 'The threshold of "CAT" is 1.01, not from 0 to 1' },
      { kind: 'unreachable-threshold', message: 'The threshold of "cat" is NaN, not from 0 to 1' },
    ]);
  });
});
