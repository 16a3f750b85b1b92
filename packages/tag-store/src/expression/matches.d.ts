import type { Outcome } from '@tagmill/core';
import { type Confidences } from './confidences.ts';
import type { Question } from './expression.ts';
/** What expressions can ask of an image. */
export interface Facts {
    /** What it is found by, as keys, with confidences in ten-thousandths. */
    names: ReadonlyMap<string, number>;
    /** Those of them that it has a posting of. */
    posted: readonly string[];
    outcome: Outcome;
    /** Of the object. Entries that were written before names could be searched have none, nor do those of very long ones. */
    key?: string | undefined;
    variant?: string | undefined;
    /** ISO 8601, by the camera's own clock. */
    takenAt?: string | undefined;
    /** ISO 8601, UTC. */
    taggedAt: string;
}
/** Any of these tags, as keys. */
export interface TagsAsked {
    kind: 'tags';
    tags: readonly string[];
    /** Tags, as keys, whose images have one of these as well. */
    below: readonly string[];
    confidences: Confidences;
}
/** An expression whose names are looked up. */
export type Predicate = Question<TagsAsked>;
/** Whether an image is what is asked for. */
export declare function matches(predicate: Predicate, facts: Facts): boolean;
/** Whether a question can't be answered by facts without a key. */
export declare function asksKey(predicate: Predicate): boolean;
/**
 * Whether a variant's name fits, in upper or lower case. `*` is any text. In linear time, where a regular expression could backtrack.
 */
export declare function fitsVariant(variant: string, glob: string): boolean;
