import type { Expression, NameAsked } from '../expression/expression.ts';
import { tagKey } from '../keys.ts';
import type { Meter } from '../query-items.ts';
import type { TagNames } from '../tag-names.ts';

/** A name that is asked for and that no tag has. */
export interface UnknownName {
  /** As it was written; with its star, if it is a prefix. */
  name: string;
  /** Names that there are, which it begins with or which begin with it. */
  similar: string[];
}

export interface UnknownNamesOptions {
  /** Keys of names that are known without asking the table. */
  known: readonly string[];
  tagNames: Pick<TagNames, 'beginningWith'>;
  meter: Meter;
}

/** Most names that are offered for one. */
const MOST_SIMILAR = 5;

/** The names of an expression that no tag has: a question for `dogs` finds nothing, and one for `not cats` finds cats. */
export async function unknownNames(
  expression: Expression,
  { known, tagNames, meter }: UnknownNamesOptions,
): Promise<UnknownName[]> {
  const unknown = namesOf(expression).map(async ({ name, isPrefix }): Promise<UnknownName[]> => {
    const key = tagKey(name);
    const isMeant = (other: string) => (isPrefix ? other.startsWith(key) : other === key);
    if (known.some(isMeant) || (await tagNames.beginningWith(key, meter)).some(isMeant)) return [];
    const similar = known
      .filter((other) => key.startsWith(other) || other.startsWith(key))
      .sort((a, b) => Math.abs(a.length - key.length) - Math.abs(b.length - key.length));
    return [{ name: isPrefix ? `${name}*` : name, similar: [...new Set(similar)].slice(0, MOST_SIMILAR) }];
  });
  return (await Promise.all(unknown)).flat();
}

function namesOf(expression: Expression): NameAsked[] {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return expression.terms.flatMap(namesOf);
    case 'not':
      return namesOf(expression.term);
    case 'name':
      return [expression];
    default:
      return [];
  }
}
