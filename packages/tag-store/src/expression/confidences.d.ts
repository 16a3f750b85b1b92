import { type Located, type Operator } from './syntax.ts';
/** An interval of confidences in ten-thousandths, as precise as postings are, both ends included. Empty if from > to. */
export interface Confidences {
    from: number;
    to: number;
}
/** Ten-thousandths in 1. */
export declare const CERTAIN = 10000;
export declare const ANY_CONFIDENCE: Confidences;
/**
 * The confidences that a comparison lets through.
 *
 * @throws {ExpressionError} if the value is no number from 0 to 1, or the operator is none for numbers.
 *
 * @example
 * parseConfidences('>', { text: '0.5', column: 1 }) // { from: 5001, to: 10000 }
 */
export declare function parseConfidences(operator: Operator, { text, column }: Located): Confidences;
export declare function intersect(a: Confidences, b: Confidences): Confidences;
export declare function includes({ from, to }: Confidences, confidence: number): boolean;
