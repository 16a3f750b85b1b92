import type { IsName } from '../expression/words.ts';
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
export declare function knownNamesIn(text: string, { known, tagNames, meter }: KnownNamesOptions): Promise<IsName>;
