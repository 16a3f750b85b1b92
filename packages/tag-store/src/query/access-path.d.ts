import type { Outcome } from '@tagmill/core';
import { type Confidences } from '../expression/confidences.ts';
import type { Predicate } from '../expression/matches.ts';
/** What is read to answer a question, in its order. Every image that is asked for is in it; the question filters the rest. */
export type AccessPath = TagAccessPath | OutcomeAccessPath;
/** Postings, most confident first, by whichever name an image is posted under. */
export interface TagAccessPath {
    by: 'tags';
    lists: {
        tag: string;
        confidences: Confidences;
    }[];
}
/** Index entries, newest first. */
export interface OutcomeAccessPath {
    by: 'outcomes';
    outcomes: Outcome[];
    /** Texts that the times, when they were tagged, lie between. */
    from: string;
    to: string;
}
export declare const LAST = "~";
/** All images. */
export declare const EVERYTHING: OutcomeAccessPath;
/** Whether an access path passes over no image. */
export declare function isEverything({ by, ...path }: AccessPath): boolean;
export interface ChooseAccessPathOptions {
    /** About how many entries an access path has; asked only where there is a choice. */
    measure: (path: AccessPath) => Promise<number>;
}
/**
 * Chooses the access path of a question, and perhaps another for where that turns out badly. Mostly it is the shortest alone. A name
 * with very many below it, such as `animal`, is likely on many images: the newest ones are looked through first, and all its lists
 * are merged only if too few of them have it. Where there is no shorter path, the whole index is read, which has every image.
 */
export declare function chooseAccessPaths(predicate: Predicate, { measure }: ChooseAccessPathOptions): Promise<AccessPath[]>;
export declare function later(a: string, b: string): string;
export declare function earlier(a: string, b: string): string;
/** An access path in words. */
export declare function describeAccessPath(path: AccessPath): string;
