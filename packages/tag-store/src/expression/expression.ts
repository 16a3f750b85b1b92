import type { Outcome } from '@tagmill/core';
import { tagKey } from '../keys.ts';
import { ANY_CONFIDENCE, type Confidences, intersect, parseConfidences } from './confidences.ts';
import { pathWords } from './path-words.ts';
import { ExpressionError, type Located, type Operator, parseSyntax, type Syntax, type WrittenWord } from './syntax.ts';
import { type IsName, readPieces } from './words.ts';

/** What is asked of an image; `Names` is how it is asked what the image is found by. */
export type Question<Names> =
  | { kind: 'and' | 'or'; terms: Question<Names>[] }
  | { kind: 'not'; term: Question<Names> }
  | Names
  /** The confidence of whatever the image is found by most surely. */
  | { kind: 'surest'; confidences: Confidences }
  | { kind: 'outcome'; outcome: Outcome }
  | { kind: 'variant'; glob: string }
  /** Words that the key has side by side; `word` as it was written, if no tag is called so. */
  | { kind: 'path'; words: string; word?: string }
  /** In lower case, without a slash at its ends; those below it count. */
  | { kind: 'folder'; folder: string }
  | { kind: 'time'; field: TimeField; operator: Operator; date: string };

/** A name that was written, or all that begin so. */
export interface NameAsked {
  kind: 'name';
  name: string;
  isPrefix: boolean;
  confidences: Confidences;
}

export type Expression = Question<NameAsked>;

export type TimeField = 'taken' | 'tagged';

export const OUTCOMES = ['tagged', 'empty', 'rejected', 'failed'] as const satisfies readonly Outcome[];

const FIELDS = ['confidence', 'folder', 'name', 'outcome', 'taken', 'tagged', 'variant'] as const;
type Field = (typeof FIELDS)[number];

/** To the year, the month, the day, the minute or the second: it stands for all of that time. */
const DATE = /^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d)?)?)?)?$/;

/** Whether it is a date that the calendar and the clock have, to whatever precision. */
function isDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  const whole = `${text}${'0000-01-01T00:00:00'.slice(text.length)}Z`;
  const date = new Date(whole);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/**
 * Reads an expression: docs/reference/query-language.md has the grammar and what each part means.
 *
 * @param isName tells which words are tags.
 * @throws {ExpressionError} at the column where it stops making sense.
 *
 * @example
 * parseExpression('dog confidence>0.5', (name) => name === 'dog')
 * // { kind: 'and', terms: [{ kind: 'name', name: 'dog', confidences: { from: 5001, to: 10000 }, … }] }
 */
export function parseExpression(text: string, isName: IsName): Expression {
  return meaningOf(withPieces(parseSyntax(text), isName), ANY_CONFIDENCE);
}

/** Syntax whose words are told apart. */
type Meant =
  | { kind: 'and' | 'or'; terms: Meant[] }
  | { kind: 'not'; term: Meant }
  | { kind: 'name'; name: string; isPrefix: boolean }
  | { kind: 'sure'; expression: Expression }
  | FieldSyntax;

function withPieces(syntax: Syntax, isName: IsName): Meant {
  switch (syntax.kind) {
    case 'or':
      return { kind: 'or', terms: syntax.terms.map((term) => withPieces(term, isName)) };
    case 'field':
      return syntax;
    default: {
      const terms = conjuncts(syntax, isName);
      return terms.length === 1 ? terms[0]! : { kind: 'and', terms };
    }
  }
}

/** Of words behind a `not`, it is about the first of what they mean: `-sports car italy` is in Italy. */
function conjuncts(syntax: Syntax, isName: IsName): Meant[] {
  switch (syntax.kind) {
    case 'and':
      return syntax.terms.flatMap((term) =>
        term.kind === 'and' ? [withPieces(term, isName)] : conjuncts(term, isName),
      );
    case 'words':
      return readPieces(syntax.words, isName).map(meantBy);
    case 'not': {
      const [first, ...others] =
        syntax.term.kind === 'and' ? [withPieces(syntax.term, isName)] : conjuncts(syntax.term, isName);
      return [{ kind: 'not', term: first! }, ...others];
    }
    default:
      return [withPieces(syntax, isName)];
  }
}

function meantBy(piece: ReturnType<typeof readPieces>[number]): Meant {
  if (piece.kind === 'name') return piece;
  if (piece.kind === 'other') return { kind: 'sure', expression: pathOf(piece.word) };
  const bound = (operator: Operator, date: string): Expression => ({ kind: 'time', field: 'taken', operator, date });
  const taken: Expression =
    piece.from === piece.to
      ? bound(':', piece.from)
      : { kind: 'and', terms: [bound('>=', piece.from), bound('<=', piece.to)] };
  return { kind: 'sure', expression: { kind: 'or', terms: [taken, { kind: 'path', words: pathWords(piece.text) }] } };
}

function pathOf({ text, isPrefix }: WrittenWord): Expression {
  return { kind: 'path', words: pathWords(text), word: isPrefix ? `${text}*` : text };
}

/** @param confidences what the names in this part must reach. */
function meaningOf(syntax: Meant, confidences: Confidences): Expression {
  switch (syntax.kind) {
    case 'name':
      return { ...syntax, confidences };
    case 'sure':
      return syntax.expression;
    case 'not':
      return { kind: 'not', term: meaningOf(syntax.term, ANY_CONFIDENCE) };
    case 'or':
      return { kind: 'or', terms: syntax.terms.map((term) => meaningOf(term, confidences)) };
    case 'and':
      return meaningOfConjunction(syntax.terms, confidences);
    case 'field':
      return isConfidence(syntax) ? meaningOfConjunction([syntax], confidences) : meaningOfField(syntax);
  }
}

/** A confidence is about the names that it stands beside; where there are none, about whatever is found most surely. */
function meaningOfConjunction(terms: readonly Meant[], inherited: Confidences): Expression {
  const limits = terms.filter(isConfidence);
  const others = terms.filter((term) => !isConfidence(term));
  const confidences = limits
    .map(({ operator, value }) => parseConfidences(operator, value))
    .reduce(intersect, inherited);
  const meanings = others.map((term) => meaningOf(term, confidences));
  if (limits.length > 0 && !others.some(hasName)) meanings.push({ kind: 'surest', confidences });
  return meanings.length === 1 ? meanings[0]! : { kind: 'and', terms: meanings };
}

type FieldSyntax = Extract<Syntax, { kind: 'field' }>;

function isConfidence(syntax: Meant): syntax is FieldSyntax {
  return syntax.kind === 'field' && fieldOf(syntax.field) === 'confidence';
}

/** Outside of `not`. */
function hasName(syntax: Meant): boolean {
  if (syntax.kind === 'name') return true;
  return (syntax.kind === 'and' || syntax.kind === 'or') && syntax.terms.some(hasName);
}

function meaningOfField({ field, operator, value }: FieldSyntax): Expression {
  const name = fieldOf(field);
  if (name === 'taken' || name === 'tagged') {
    if (!isDate(value.text)) {
      throw new ExpressionError(value.column, `${value.text} is no date such as 2026, 2026-01-31 or 2026-01-31T12:30`);
    }
    return { kind: 'time', field: name, operator, date: value.text };
  }
  if (operator !== ':') throw new ExpressionError(field.column, `${name} takes a colon, as in ${name}:${value.text}`);
  if (name === 'variant') return { kind: 'variant', glob: value.text };
  if (name === 'name') return { kind: 'path', words: pathWords(value.text) };
  if (name === 'folder') return { kind: 'folder', folder: tagKey(value.text).replace(/^\/+|\/+$/g, '') };
  const outcome = OUTCOMES.find((known) => known === value.text.toLowerCase());
  if (outcome) return { kind: 'outcome', outcome };
  throw new ExpressionError(value.column, `unknown outcome ${value.text}; there are: ${OUTCOMES.join(', ')}`);
}

function fieldOf({ text, column }: Located): Field {
  const field = FIELDS.find((known) => known === text.toLowerCase());
  if (field) return field;
  throw new ExpressionError(column, `unknown field ${text}; there are: ${FIELDS.join(', ')}`);
}
