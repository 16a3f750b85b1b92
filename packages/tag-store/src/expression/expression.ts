import type { Outcome } from '@tagmill/core';
import { ANY_CONFIDENCE, type Confidences, confidencesOf, intersect } from './confidences.ts';
import { ExpressionError, type Located, type Operator, parseSyntax, type Syntax } from './syntax.ts';

/** What is asked of an image; `Names` is how it is asked what the image is found by. */
export type Question<Names> =
  | { kind: 'and' | 'or'; terms: Question<Names>[] }
  | { kind: 'not'; term: Question<Names> }
  | Names
  /** The confidence of whatever the image is found by most surely. */
  | { kind: 'surest'; confidences: Confidences }
  | { kind: 'outcome'; outcome: Outcome }
  | { kind: 'variant'; glob: string }
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

const FIELDS = ['confidence', 'outcome', 'taken', 'tagged', 'variant'] as const;
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
 * Reads an expression: docs/decisions/query.md has the grammar and what each part means.
 *
 * @throws {ExpressionError} at the column where it stops making sense.
 *
 * @example
 * parseExpression('dog and confidence>0.5')
 * // { kind: 'and', terms: [{ kind: 'name', name: 'dog', confidences: { from: 5001, to: 10000 }, … }] }
 */
export function parseExpression(text: string): Expression {
  return meaningOf(parseSyntax(text), ANY_CONFIDENCE);
}

/** @param confidences what the names in this part must reach. */
function meaningOf(syntax: Syntax, confidences: Confidences): Expression {
  switch (syntax.kind) {
    case 'name':
      return { kind: 'name', name: syntax.text, isPrefix: syntax.isPrefix, confidences };
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
function meaningOfConjunction(terms: readonly Syntax[], inherited: Confidences): Expression {
  const limits = terms.filter(isConfidence);
  const others = terms.filter((term) => !isConfidence(term));
  const confidences = limits.map(({ operator, value }) => confidencesOf(operator, value)).reduce(intersect, inherited);
  const meanings = others.map((term) => meaningOf(term, confidences));
  if (limits.length > 0 && !others.some(hasName)) meanings.push({ kind: 'surest', confidences });
  return meanings.length === 1 ? meanings[0]! : { kind: 'and', terms: meanings };
}

type FieldSyntax = Extract<Syntax, { kind: 'field' }>;

function isConfidence(syntax: Syntax): syntax is FieldSyntax {
  return syntax.kind === 'field' && fieldOf(syntax.field) === 'confidence';
}

/** Outside of `not`. */
function hasName(syntax: Syntax): boolean {
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
  const outcome = OUTCOMES.find((known) => known === value.text.toLowerCase());
  if (outcome) return { kind: 'outcome', outcome };
  throw new ExpressionError(value.column, `unknown outcome ${value.text}; there are: ${OUTCOMES.join(', ')}`);
}

function fieldOf({ text, column }: Located): Field {
  const field = FIELDS.find((known) => known === text.toLowerCase());
  if (field) return field;
  throw new ExpressionError(column, `unknown field ${text}; there are: ${FIELDS.join(', ')}`);
}
