import type { Expression } from '../expression/expression.ts';
import type { Predicate } from '../expression/matches.ts';
import type { Meter } from '../query-items.ts';
import type { TagNames } from '../tag-names.ts';
/** The names that each synonym stands for; synonyms as keys. */
export type Synonyms = ReadonlyMap<string, readonly string[]>;
export interface LookUpNamesOptions {
    tagNames: Pick<TagNames, 'beginningWith' | 'below'>;
    synonyms: Synonyms;
    meter: Meter;
}
/**
 * Replaces the names of an expression by the tags that they mean: the tag itself, those that it is a synonym of, and those below
 * them.
 */
export declare function lookUpNames(expression: Expression, options: LookUpNamesOptions): Promise<Predicate>;
