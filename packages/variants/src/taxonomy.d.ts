import { type Label } from '@tagmill/core';
/** What can be wrong with names and broader tags. */
export declare const TAXONOMY_FAULTS: readonly ['ambiguous', 'cycle', 'orphan', 'unsearchable', 'unreachable-threshold'];
export interface TaxonomyFault {
    kind: (typeof TAXONOMY_FAULTS)[number];
    /** One line, naming the words that it is about. */
    message: string;
}
export interface LintOptions {
    /** Confidence that a label or broader tag, by its name, must reach. */
    thresholds?: Readonly<Record<string, number>>;
}
/**
 * What is wrong with a label set for whoever has to search by it. It is for people to read: a set with faults works.
 *
 * - `ambiguous`: a word, in any case, that means two things or is said twice, as a name, a synonym or a broader tag. A label
 *   may stand above others.
 * - `cycle`: labels that stand above each other.
 * - `orphan`: a label without broader tags, where others have some.
 * - `unsearchable`: a word that can't be asked for.
 * - `unreachable-threshold`: one that no tag can reach, or of no tag that there is.
 *
 * @returns none if all is well; in the order of the labels.
 *
 * @example
 * lintTaxonomy([
 *   { index: 0, name: 'crane', synonyms: [], parents: ['bird'] },
 *   { index: 1, name: 'Crane', synonyms: [], parents: ['machine'] },
 * ])
 * // [{ kind: 'ambiguous', message: '"Crane" means labels 0 (crane) and 1 (Crane)' }]
 */
export declare function lintTaxonomy(labels: readonly Label[], { thresholds }?: LintOptions): TaxonomyFault[];
