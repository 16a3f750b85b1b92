import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fuzzing } from '../../../test/helpers/fuzz.ts';
import { parseExpression } from '../src/expression/expression.ts';
import { ExpressionError } from '../src/expression/syntax.ts';

const piece = fc.oneof(
  fc.constantFrom('and', 'or', 'not', '(', ')', '"', '\\', '*', ':', '>', '<=', ' ', '\n', '\0', 'confidence', 'taken'),
  fc.constantFrom(
    'confidence>0.5',
    'outcome:',
    'variant:*',
    'tagged<2026',
    '"a\\"b"',
    '"*',
    'é*',
    '💥',
    '\ud800',
    'constructor',
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.string({ maxLength: 300 }),
);
const text = fc.oneof(
  fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
  fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(' ')),
  fc
    .tuple(fc.constantFrom('(', 'not ', 'not (', 'a and (', '"'), fc.nat(2000))
    .map(([part, times]) => part.repeat(times)),
  fc.tuple(piece, fc.nat(300)).map(([part, times]) => `${part} `.repeat(times)),
);

test('any text is an expression, or refused in a line at a column of it', () => {
  fc.assert(
    fc.property(text, (given) => {
      try {
        expect(parseExpression(given, (name) => name.length % 2 === 0)).toHaveProperty('kind');
      } catch (error) {
        expect(error).toBeInstanceOf(ExpressionError);
        const { code, column } = error as ExpressionError;
        expect(code).toBe('invalid-argument');
        expect(column).toBeGreaterThanOrEqual(1);
        expect(column).toBeLessThanOrEqual(given.length + 1);
      }
    }),
    fuzzing(1000),
  );
}, 600_000);
