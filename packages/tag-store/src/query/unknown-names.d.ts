import type { Expression } from '../expression/expression.ts';
/** A word that is asked for and that no tag is called: it was looked for in the names of files and folders. */
export interface UnknownName {
    /** As it was written; with its star, if it is a prefix. */
    name: string;
    /** Names that there are, which begin with it, which it begins with, or which are spelled nearly so. */
    similar: string[];
}
/** The words of an expression that no tag is called: a question for `dogs` finds no dog, and one for `not cats` finds cats. */
export declare function findUnknownNames(expression: Expression, known: readonly string[]): UnknownName[];
