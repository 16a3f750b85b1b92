import type { Outcome } from '@tagmill/core';
import { type Confidences } from './confidences.ts';
import { type Operator } from './syntax.ts';
import { type IsName } from './words.ts';
/** What is asked of an image; `Names` is how it is asked what the image is found by. */
export type Question<Names> = {
    kind: 'and' | 'or';
    terms: Question<Names>[];
} | {
    kind: 'not';
    term: Question<Names>;
} | Names
/** The confidence of whatever the image is found by most surely. */
 | {
    kind: 'surest';
    confidences: Confidences;
} | {
    kind: 'outcome';
    outcome: Outcome;
} | {
    kind: 'variant';
    glob: string;
}
/** Words that the key has side by side; `word` as it was written, if no tag is called so. */
 | {
    kind: 'path';
    words: string;
    word?: string;
}
/** In lower case, without a slash at its ends; those below it count. */
 | {
    kind: 'folder';
    folder: string;
} | {
    kind: 'time';
    field: TimeField;
    operator: Operator;
    date: string;
};
/** A name that was written, or all that begin so. */
export interface NameAsked {
    kind: 'name';
    name: string;
    isPrefix: boolean;
    confidences: Confidences;
}
export type Expression = Question<NameAsked>;
export type TimeField = 'taken' | 'tagged';
export declare const OUTCOMES: readonly ["tagged", "empty", "rejected", "failed"];
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
export declare function parseExpression(text: string, isName: IsName): Expression;
