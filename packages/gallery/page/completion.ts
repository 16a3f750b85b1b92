/** The name that is being typed: in quotes, or a single word. */
const NAME_AT_END = /(?:"(?<quoted>[^"]*)|(?<word>[\p{L}\p{N}_-]+))$/u;
const SINGLE_WORD = /^[\p{L}\p{N}_-]+$/u;
const OPERATOR = /^(and|or|not)$/i;

export interface TypedName {
  text: string;
  /** Where it starts. */
  start: number;
}

/**
 * The name that ends at the caret, if one does.
 *
 * @example
 * nameBeforeCaret('dog and "sports c', 17) // { text: 'sports c', start: 8 }
 */
export function nameBeforeCaret(expression: string, caret: number): TypedName | undefined {
  const before = expression.slice(0, caret);
  // After an even number of quotes, the next one opens a name.
  const isQuoted = before.split('"').length % 2 === 0;
  const { index: start, groups } = NAME_AT_END.exec(before) ?? {};
  if (start === undefined || !groups) return undefined;
  const text = (isQuoted ? groups.quoted : groups.word) ?? '';
  return text === '' || (!isQuoted && OPERATOR.test(text)) ? undefined : { text, start };
}

/**
 * Puts something in place of the name that is being typed.
 *
 * @returns the expression, and where the caret goes.
 *
 * @example
 * complete('cat or spo', 10, '"sports car"') // { expression: 'cat or "sports car"', caret: 19 }
 */
export function complete(expression: string, caret: number, text: string): { expression: string; caret: number } {
  const start = nameBeforeCaret(expression, caret)?.start ?? caret;
  const before = expression.slice(0, start) + text;
  return { expression: before + expression.slice(caret).replace(/^"/, ''), caret: before.length };
}

/** Whether an expression asks for one tag, and nothing else. */
export function isOneName(expression: string): boolean {
  const text = expression.trim();
  return /^"[^"]*"$/.test(text) || (SINGLE_WORD.test(text) && !OPERATOR.test(text));
}

/** A tag as an expression: in quotes if it isn't a single word, or would be read as an operator. */
export function quote(name: string): string {
  return SINGLE_WORD.test(name) && !OPERATOR.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`;
}
