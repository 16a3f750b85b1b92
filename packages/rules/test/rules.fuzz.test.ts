import { expect, test } from '@jest/globals';
import { TagmillError } from '@tagmill/core';
import fc from 'fast-check';
import { fuzzing } from '../../../test/helpers/fuzz.ts';
import { parseRules } from '../src/parse-rules.ts';

const labels = [{ index: 0, name: 'collie', synonyms: [], parents: ['dog'] }];

const line = fc.oneof(
  fc.constantFrom(
    'tags:',
    '  collie:',
    '    minConfidence: 0.5',
    '    rename: dog',
    '    hidden: true',
    '  dog: {parents: [cat]}',
  ),
  fc.constantFrom(
    '  collie: &a [*a]',
    '  a: &a {b: 1}',
    '  <<: *a',
    '? [x]',
    '--- !!js/function x',
    '%YAML 9',
    '- - -',
    '__proto__: 1',
  ),
  fc.constantFrom(
    '  constructor: {hidden: 1}',
    '\t',
    '"',
    '{',
    ']',
    '|',
    '>-',
    '!!binary AAAA',
    '.inf: .nan',
    '  collie: 1e999',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const text = fc.oneof(
  fc.array(line, { maxLength: 12 }).map((lines) => lines.join('\n')),
  // Depth, width and aliases of aliases, to be refused before they cost anything.
  fc
    .tuple(
      fc.constantFrom('[', '{', '- ', '{a: ', '? ', '!!x '),
      fc.oneof({ weight: 9, arbitrary: fc.nat(2000) }, { weight: 1, arbitrary: fc.nat(60_000) }),
    )
    .map(([part, times]) => part.repeat(times)),
  fc.nat(40).map((depth) =>
    Array.from({ length: depth + 1 }, (_, i) => `a${i}: &a${i} [*a${i - 1}, *a${i - 1}]`)
      .join('\n')
      .replaceAll('*a-1', 'x'),
  ),
);

test('any text is rules, or refused in a line', () => {
  fc.assert(
    fc.property(text, (given) => {
      try {
        expect(parseRules(given, { file: 'rules.yaml', labels }).rules).toHaveProperty('tags');
      } catch (error) {
        if (!(error instanceof TagmillError)) throw error;
        expect(error.code).toBe('invalid-argument');
        expect(error.message).toMatch(/^rules\.yaml/);
        expect(error.message.length).toBeLessThan(1000);
      }
      expect(({} as Record<string, unknown>).hidden).toBeUndefined();
    }),
    fuzzing(300),
  );
}, 600_000);
