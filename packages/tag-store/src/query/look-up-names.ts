import type { Expression } from '../expression/expression.ts';
import type { Predicate } from '../expression/matches.ts';
import { tagKey } from '../keys.ts';
import type { Meter } from '../query-items.ts';
import type { TagNames } from '../tag-names.ts';

/** The names that each synonym stands for; synonyms as keys. */
export type Synonyms = ReadonlyMap<string, readonly string[]>;

export interface LookUpNamesOptions {
  tagNames: Pick<TagNames, 'beginningWith' | 'below'>;
  synonyms: Synonyms;
  meter: Meter;
}

/**
 * Replaces the names of an expression by the tags that they mean: the tag itself, those that it is a synonym of, and those below
 * them.
 */
export async function lookUpNames(expression: Expression, options: LookUpNamesOptions): Promise<Predicate> {
  const { tagNames, synonyms, meter } = options;
  const lookUp = (term: Expression) => lookUpNames(term, options);
  switch (expression.kind) {
    case 'and':
    case 'or':
      return { kind: expression.kind, terms: await Promise.all(expression.terms.map(lookUp)) };
    case 'not': {
      // It leads to no image, so it may stay as it is written.
      const names = { beginningWith: tagNames.beginningWith.bind(tagNames), below: async () => [] };
      return { kind: 'not', term: await lookUpNames(expression.term, { ...options, tagNames: names }) };
    }
    case 'name': {
      const { isPrefix, confidences } = expression;
      const key = tagKey(expression.name);
      const meant = isPrefix
        ? [...synonyms].filter(([synonym]) => synonym.startsWith(key)).flatMap(([, names]) => names)
        : (synonyms.get(key) ?? []);
      const others = meant.map(tagKey);
      const [own, ...pairs] = await Promise.all([
        isPrefix ? tagNames.beginningWith(key, meter) : [key],
        ...[isPrefix ? key : `${key}#`, ...others.map((other) => `${other}#`)].map((prefix) =>
          tagNames.below(prefix, meter),
        ),
      ]);
      const tags = [...new Set([...own, ...others])];
      const below = pairs.flat().filter(({ above }) => tags.includes(above));
      return { kind: 'tags', tags, below: [...new Set(below.map((pair) => pair.below))], confidences };
    }
    default:
      return expression;
  }
}
