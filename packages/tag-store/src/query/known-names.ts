import { parseSyntax, type Syntax, type WrittenWord } from '../expression/syntax.ts';
import type { IsName } from '../expression/words.ts';
import { tagKey } from '../keys.ts';
import type { Meter } from '../query-items.ts';
import type { TagNames } from '../tag-names.ts';

export interface KnownNamesOptions {
  /** Keys of names that are known without asking the table. */
  known: readonly string[];
  tagNames: Pick<TagNames, 'beginningWith'>;
  meter: Meter;
}

/**
 * Tells which words of an expression are tags: those of the label sets, their synonyms, and what people called images. The table
 * is asked for what begins as a word does, unless that word is known and the last of its row.
 *
 * @throws {ExpressionError} at the column where the expression stops making sense.
 */
export async function knownNamesIn(text: string, { known, tagNames, meter }: KnownNamesOptions): Promise<IsName> {
  const labels = new Set(known);
  const prefixes = new Set(
    rowsOf(parseSyntax(text)).flatMap((words) =>
      words.flatMap(({ text: word, isPrefix }, i) => {
        const key = tagKey(word);
        if (!labels.has(key) || isPrefix) return [key];
        return i < words.length - 1 ? [`${key} `] : [];
      }),
    ),
  );
  const found = await Promise.all([...prefixes].map((prefix) => tagNames.beginningWith(prefix, meter)));
  const names = new Set([...labels, ...found.flat()]);
  const all = [...names];
  return (name, { isPrefix }) => {
    const key = tagKey(name);
    return isPrefix ? all.some((other) => other.startsWith(key)) : names.has(key);
  };
}

/** Words that stand side by side. */
function rowsOf(syntax: Syntax): WrittenWord[][] {
  switch (syntax.kind) {
    case 'and':
    case 'or':
      return syntax.terms.flatMap(rowsOf);
    case 'not':
      return rowsOf(syntax.term);
    case 'words':
      return [syntax.words];
    case 'field':
      return [];
  }
}
