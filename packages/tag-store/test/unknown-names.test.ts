import { expect, test } from '@jest/globals';
import { parseExpression } from '../src/expression/expression.ts';
import { unknownNames } from '../src/query/unknown-names.ts';

const inTable = ['dog', 'grandma'];
const tagNames = { beginningWith: async (prefix: string) => inTable.filter((name) => name.startsWith(prefix)) };

test.each([
  ['dogs', { name: 'dogs', similar: ['dog'] }],
  ['dog and not cats', { name: 'cats', similar: ['cat'] }],
  ['dog or (cat and Sport)', { name: 'Sport', similar: ['sports car', 'sports ground'] }],
  ['zebra*', { name: 'zebra*', similar: [] }],
])('of %s the unknown name is told, with what is like it', async (expression, unknown) => {
  const known = ['dog', 'cat', 'sports ground', 'sports car'];
  const meter = { readUnits: 0 };
  expect(await unknownNames(parseExpression(expression), { known, tagNames, meter })).toEqual([unknown]);
});

test('tags, synonyms, what people added and what begins so are known', async () => {
  const expression = parseExpression('Dog and not (cat or GRANDMA or gold* or gran*) and taken>2025');
  const known = ['dog', 'cat', 'goldfish'];
  expect(await unknownNames(expression, { known, tagNames, meter: { readUnits: 0 } })).toEqual([]);
});
