import { expect, test } from '@jest/globals';
import { parseExpression } from '../src/expression/expression.ts';
import { knownNamesIn } from '../src/query/known-names.ts';
import { findUnknownNames } from '../src/query/unknown-names.ts';

const inTable = ['dog', 'grandma'];
const tagNames = { beginningWith: async (prefix: string) => inTable.filter((name) => name.startsWith(prefix)) };

async function unknownIn(text: string, known: string[]) {
  const isName = await knownNamesIn(text, { known, tagNames, meter: { readUnits: 0 } });
  return findUnknownNames(parseExpression(text, isName), known);
}

test.each([
  ['dogs', { name: 'dogs', similar: ['dog'] }],
  ['dog and not cats', { name: 'cats', similar: ['cat'] }],
  ['dog or (cat and Sport)', { name: 'Sport', similar: ['sports car', 'sports ground'] }],
  ['zebra*', { name: 'zebra*', similar: [] }],
  ['cat sprots', { name: 'sprots', similar: [] }],
  ['catt', { name: 'catt', similar: ['cat'] }],
  ['gaot', { name: 'gaot', similar: [] }],
  ['cta', { name: 'cta', similar: ['cat'] }],
  ['"sports cra"', { name: 'sports cra', similar: ['sports car'] }],
])('of %s the unknown name is told, with what is like it', async (expression, unknown) => {
  expect(await unknownIn(expression, ['dog', 'cat', 'sports ground', 'sports car'])).toEqual([unknown]);
});

test('tags, synonyms, what people added, what begins so and dates are known', async () => {
  const expression = 'Dog and not (cat or GRANDMA or gold* or gran*) and taken>2025 summer 2009 -2010';
  expect(await unknownIn(expression, ['dog', 'cat', 'goldfish'])).toEqual([]);
});
