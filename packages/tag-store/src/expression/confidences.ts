import { ExpressionError, type Located, type Operator } from './syntax.ts';

/** An interval of confidences in ten-thousandths, as precise as postings are, both ends included. Empty if from > to. */
export interface Confidences {
  from: number;
  to: number;
}

/** Ten-thousandths in 1. */
export const CERTAIN = 10_000;

export const ANY_CONFIDENCE: Confidences = { from: 0, to: CERTAIN };

/**
 * The confidences that a comparison lets through.
 *
 * @throws {ExpressionError} if the value is no number from 0 to 1, or the operator is none for numbers.
 *
 * @example
 * parseConfidences('>', { text: '0.5', column: 1 }) // { from: 5001, to: 10000 }
 */
export function parseConfidences(operator: Operator, { text, column }: Located): Confidences {
  const value = Number(text);
  if (!(value >= 0 && value <= 1)) throw new ExpressionError(column, `${text} is no confidence from 0 to 1`);
  const nearest = Math.round(value * CERTAIN);
  const ceiling = nearest / CERTAIN >= value ? nearest : nearest + 1;
  const floor = nearest / CERTAIN <= value ? nearest : nearest - 1;
  switch (operator) {
    case '>':
      return { from: floor + 1, to: CERTAIN };
    case '>=':
      return { from: ceiling, to: CERTAIN };
    case '<':
      return { from: 0, to: ceiling - 1 };
    case '<=':
      return { from: 0, to: floor };
    case ':':
      throw new ExpressionError(column - 1, 'confidence is compared, as in confidence>0.5');
  }
}

export function intersect(a: Confidences, b: Confidences): Confidences {
  return { from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) };
}

export function includes({ from, to }: Confidences, confidence: number): boolean {
  return confidence >= from && confidence <= to;
}
