import type { WrittenWord } from './syntax.ts';

/** What words mean that stand side by side. */
export type Piece =
  /** A tag. */
  | { kind: 'name'; name: string; isPrefix: boolean }
  /** No tag: a word of a file's or a folder's name. */
  | { kind: 'other'; word: WrittenWord }
  /** A time, as far as it is told, both ends included. */
  | { kind: 'date'; text: string; from: string; to: string };

/** Whether there is such a tag, or one whose name begins so. */
export type IsName = (name: string, options: { isPrefix: boolean }) => boolean;

/** Most words of one name. */
const MOST_WORDS = 6;

/**
 * Reads words as a person means them: the longest name that there is, else a date, else a word by itself.
 *
 * @example
 * // Where "sports car" is a tag:
 * readPieces(wordsOf('sports car italy summer 2009'), isName)
 * // a name "sports car", another word "italy", a date from 2009-06 to 2009-08
 */
export function readPieces(words: readonly WrittenWord[], isName: IsName): Piece[] {
  const pieces: Piece[] = [];
  for (let start = 0; start < words.length; ) {
    const { piece, length } = pieceAt(words.slice(start, start + MOST_WORDS), isName);
    pieces.push(piece);
    start += length;
  }
  const telling = pieces.filter((piece) => piece.kind !== 'other' || /[\p{L}\p{N}]/u.test(piece.word.text));
  return telling.length > 0 ? telling : pieces;
}

function pieceAt(words: readonly WrittenWord[], isName: IsName): { piece: Piece; length: number } {
  const [first] = words as [WrittenWord];
  for (let length = words.length; length >= 1; length--) {
    const taken = words.slice(0, length);
    const name = taken.map(({ text }) => text).join(' ');
    const { isPrefix } = taken.at(-1)!;
    if (isOneText(taken) && isName(name, { isPrefix })) return { piece: { kind: 'name', name, isPrefix }, length };
    const range = taken.some((word) => word.isQuoted || word.isPrefix) ? undefined : dateRange(name);
    if (range) return { piece: { kind: 'date', text: name, ...range }, length };
  }
  return { piece: { kind: 'other', word: first }, length: 1 };
}

/** Quotes and stars end a name. */
function isOneText(words: readonly WrittenWord[]): boolean {
  return (
    words.length === 1 || words.every(({ isQuoted, isPrefix }, i) => !isQuoted && (!isPrefix || i === words.length - 1))
  );
}

const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

/** First months, as they are called in the north. */
const SEASONS: Record<string, number> = { spring: 3, summer: 6, autumn: 9, fall: 9, winter: 12 };

const YEAR = /^(?:18|19|20)\d\d$/;

/**
 * The time that words tell: a year, a month, a day, or a season of a year; winter begins in December.
 *
 * @example
 * dateRange('winter 2009') // { from: '2009-12', to: '2010-02' }
 */
export function dateRange(text: string): { from: string; to: string } | undefined {
  const words = text.toLowerCase().split(' ');
  const [only] = words;
  if (words.length === 1) {
    const isDate = YEAR.test(only!) || (/^(?:18|19|20)\d\d-\d\d(?:-\d\d)?$/.test(only!) && isCalendarDate(only!));
    return isDate ? { from: only!, to: only! } : undefined;
  }
  const year = Number(words.find((word) => YEAR.test(word)));
  const [other = ''] = words.filter((word) => !YEAR.test(word));
  if (words.length !== 2 || !year || other === '') return undefined;
  const season = SEASONS[other];
  const month = other.length < 3 ? -1 : MONTHS.findIndex((name) => name.startsWith(other));
  const first = season ?? month + 1;
  if (first === 0) return undefined;
  return { from: monthOf(year, first), to: monthOf(year, season === undefined ? first : first + 2) };
}

function isCalendarDate(text: string): boolean {
  const date = new Date(`${text}${'-01'.slice(0, 10 - text.length)}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** Months go on beyond December. */
function monthOf(year: number, month: number): string {
  const [years, rest] = [Math.floor((month - 1) / 12), (month - 1) % 12];
  return `${year + years}-${String(rest + 1).padStart(2, '0')}`;
}
