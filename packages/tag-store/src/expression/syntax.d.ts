import { TagmillError } from '@tagmill/core';
/** An expression as it was written: what its fields and values mean is not looked at yet. */
export type Syntax = {
    kind: 'and' | 'or';
    terms: Syntax[];
} | {
    kind: 'not';
    term: Syntax;
}
/** Words side by side: which of them belong together, the known names tell. */
 | {
    kind: 'words';
    words: WrittenWord[];
} | {
    kind: 'field';
    field: Located;
    operator: Operator;
    value: Located;
};
export interface WrittenWord {
    text: string;
    /** Ends with a star. */
    isPrefix: boolean;
    isQuoted: boolean;
}
export type Operator = '>' | '>=' | '<' | '<=' | ':';
/** A part of an expression, and the column where it starts, from 1. */
export interface Located {
    text: string;
    column: number;
}
/**
 * Reads an expression by its grammar.
 *
 * @throws {ExpressionError} at the column where it stops making sense.
 *
 * @example
 * parseSyntax('dog and not cat')
 * // { kind: 'and', terms: [{ kind: 'words', words: [{ text: 'dog', … }] }, { kind: 'not', term: { kind: 'words', … } }] }
 */
export declare function parseSyntax(text: string): Syntax;
/** An expression that makes no sense, and the column, from 1, where it stops to. */
export declare class ExpressionError extends TagmillError {
    readonly column: number;
    constructor(column: number, reason: string);
}
