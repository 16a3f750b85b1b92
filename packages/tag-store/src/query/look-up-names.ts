import type { Expression } from '../expression/expression.ts';
import type { Predicate } from '../expression/matches.ts';
import { tagKey } from '../keys.ts';
import type { Meter } from '../query-items.ts';
import type { TagNames } from '../tag-names.ts';

/** The names that each synonym stands for; synonyms as keys. */
export type Synonyms = ReadonlyMap<string, readonly string[]>;

/** Replaces the names of an expression by the tags that they mean: the tag itself, and those that they are synonyms of. */
export async function lookUpNames(
  expression: Expression,
  tagNames: Pick<TagNames, 'beginningWith'>,
  synonyms: Synonyms,
  meter: Meter,
): Promise<Predicate> {
  const lookUp = (term: Expression) => lookUpNames(term, tagNames, synonyms, meter);
  switch (expression.kind) {
    case 'and':
    case 'or':
      return { kind: expression.kind, terms: await Promise.all(expression.terms.map(lookUp)) };
    case 'not':
      return { kind: 'not', term: await lookUp(expression.term) };
    case 'name': {
      const key = tagKey(expression.name);
      const tags = expression.isPrefix ? await tagNames.beginningWith(key, meter) : [key];
      const meant = expression.isPrefix
        ? [...synonyms].filter(([synonym]) => synonym.startsWith(key)).flatMap(([, names]) => names)
        : (synonyms.get(key) ?? []);
      return { kind: 'tags', tags: [...new Set([...tags, ...meant.map(tagKey)])], confidences: expression.confidences };
    }
    default:
      return expression;
  }
}
