import type { WrittenWord } from './syntax.ts';
/** What words mean that stand side by side. */
export type Piece = 
/** A tag. */
{
    kind: 'name';
    name: string;
    isPrefix: boolean;
}
/** No tag: a word of a file's or a folder's name. */
 | {
    kind: 'other';
    word: WrittenWord;
}
/** A time, as far as it is told, both ends included. */
 | {
    kind: 'date';
    text: string;
    from: string;
    to: string;
};
/** Whether there is such a tag, or one whose name begins so. */
export type IsName = (name: string, options: {
    isPrefix: boolean;
}) => boolean;
/**
 * Reads words as a person means them: the longest name that there is, else a date, else a word by itself.
 *
 * @example
 * // Where "sports car" is a tag:
 * readPieces(wordsOf('sports car italy summer 2009'), isName)
 * // a name "sports car", another word "italy", a date from 2009-06 to 2009-08
 */
export declare function readPieces(words: readonly WrittenWord[], isName: IsName): Piece[];
/**
 * The time that words tell: a year, a month, a day, or a season of a year; winter begins in December.
 *
 * @example
 * dateRange('winter 2009') // { from: '2009-12', to: '2010-02' }
 */
export declare function dateRange(text: string): {
    from: string;
    to: string;
} | undefined;
