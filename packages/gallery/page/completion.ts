const SINGLE_WORD = /^[\p{L}\p{N}_-]+$/u;
const OPERATOR = /^(and|or|not)$/i;

/** A word that ends where a text does, and what stands before it. */
const WORD_AT_END = /(?<before>^|[\s(])-?(?<word>[\p{L}\p{N}_][\p{L}\p{N}_-]*)\s*$/u;
const OPEN_QUOTE_AT_END = /"(?<quoted>[^"]*)$/;

/** Most words that are taken for one name. */
const MOST_WORDS = 3;

export interface TypedName {
  text: string;
  /** Where it starts. */
  start: number;
}

/**
 * The names that may end at the caret, the longest first: words side by side can be one.
 *
 * @example
 * namesBeforeCaret('dog -golden ret', 15) // [{ text: 'golden ret', start: 5 }, { text: 'ret', start: 12 }]
 * namesBeforeCaret('dog "sports c', 13) // [{ text: 'sports c', start: 4 }]
 */
export function namesBeforeCaret(expression: string, caret: number): TypedName[] {
  const before = expression.slice(0, caret);
  // After an even number of quotes, the next one opens a name.
  if (before.split('"').length % 2 === 0) {
    const { index: start = 0, groups } = OPEN_QUOTE_AT_END.exec(before)!;
    return groups!.quoted ? [{ text: groups!.quoted, start }] : [];
  }
  const names: TypedName[] = [];
  if (/\s$/.test(before)) return names;
  for (let rest = before; names.length < MOST_WORDS; ) {
    const word = WORD_AT_END.exec(rest)?.groups?.word;
    if (word === undefined || OPERATOR.test(word)) break;
    const start = rest.lastIndexOf(word);
    names.unshift({ text: before.slice(start).replace(/\s+/g, ' '), start });
    rest = before.slice(0, start);
    // A minus is about what begins with this word.
    if (rest.endsWith('-')) break;
  }
  return names;
}

/**
 * Puts something in place of what stands from a place to the caret.
 *
 * @returns the expression, and where the caret goes.
 *
 * @example
 * complete('cat or spo', { start: 7, caret: 10 }, '"sports car"') // { expression: 'cat or "sports car"', caret: 19 }
 */
export function complete(
  expression: string,
  { start, caret }: { start: number; caret: number },
  text: string,
): { expression: string; caret: number } {
  const before = expression.slice(0, start) + text;
  return { expression: before + expression.slice(caret).replace(/^"/, ''), caret: before.length };
}

/**
 * Puts a name in place of a word, wherever that stands by itself.
 *
 * @example
 * replaceWord('dgo -cat', 'dgo', 'dog') // 'dog -cat'
 */
export function replaceWord(expression: string, word: string, name: string): string {
  const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const alone = new RegExp(`(?<![\\p{L}\\p{N}_])"?${escaped}"?(?![\\p{L}\\p{N}_])`, 'giu');
  return expression.replace(alone, () => quote(name));
}

/** A tag as an expression: in quotes if it isn't a single word, or would be read as an operator. */
export function quote(name: string): string {
  return SINGLE_WORD.test(name) && !name.startsWith('-') && !OPERATOR.test(name)
    ? name
    : `"${name.replace(/["\\]/g, '\\$&')}"`;
}
