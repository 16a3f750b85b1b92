import { distance } from 'fastest-levenshtein';
import type { Expression } from '../expression/expression.ts';
import { tagKey } from '../keys.ts';

/** A word that is asked for and that no tag is called: it was looked for in the names of files and folders. */
export interface UnknownName {
  /** As it was written; with its star, if it is a prefix. */
  name: string;
  /** Names that there are, which begin with it, which it begins with, or which are spelled nearly so. */
  similar: string[];
}

/** Most names that are offered for one. */
const MOST_SIMILAR = 5;

/** The words of an expression that no tag is called: a question for `dogs` finds no dog, and one for `not cats` finds cats. */
export function findUnknownNames(expression: Expression, known: readonly string[]): UnknownName[] {
  return wordsOf(expression).map((name) => ({ name, similar: similarTo(tagKey(name.replace(/\*$/, '')), known) }));
}

function similarTo(key: string, known: readonly string[]): string[] {
  const rank = (other: string) => {
    if (key.startsWith(other) || other.startsWith(key)) return Math.abs(other.length - key.length);
    // One slip of the finger, or two in a longer word.
    const slips = Math.abs(other.length - key.length) > 2 ? Number.POSITIVE_INFINITY : slipsBetween(key, other);
    return slips <= Math.min(2, key.length / 3) ? slips : Number.POSITIVE_INFINITY;
  };
  return [...new Set(known)]
    .map((name) => ({ name, rank: rank(name) }))
    .filter(({ rank }) => Number.isFinite(rank))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST_SIMILAR)
    .map(({ name }) => name);
}

/** Letters that are missing, too many or wrong; two that changed places are one slip. */
function slipsBetween(a: string, b: string): number {
  const slips = distance(a, b);
  const sorted = (text: string) => [...text].sort().join('');
  return slips === 2 && sorted(a) === sorted(b) ? 1 : slips;
}

function wordsOf(expression: Expression): string[] {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return expression.terms.flatMap(wordsOf);
    case 'not':
      return wordsOf(expression.term);
    case 'path':
      return expression.word === undefined ? [] : [expression.word];
    default:
      return [];
  }
}
