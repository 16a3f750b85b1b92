import { expect, test } from '@jest/globals';
import { lintTaxonomy } from '@tagmill/variants';
import fc from 'fast-check';
import { parseExpression } from '../src/expression/expression.ts';

test('every name that the taxonomy’s linter lets through can be asked for, in quotes', () => {
  const name = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 250 }),
    fc.string({ unit: fc.constantFrom('"', '\\', ' ', 'a', '*', '(') }),
  );
  fc.assert(
    fc.property(name, (text) => {
      fc.pre(lintTaxonomy([{ index: 0, name: text, synonyms: [], parents: [] }]).length === 0);
      const quoted = `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
      expect(parseExpression(quoted, () => true)).toMatchObject({ kind: 'name', name: text, isPrefix: false });
    }),
  );
});
