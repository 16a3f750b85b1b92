import { type ImageRecord } from '@tagmill/core';
/** A tag that a person gave, with the broader tags that it brings along. */
export interface PersonsTag {
    name: string;
    parents: string[];
}
/** A tag that a person took away. */
export interface RemovedTag {
    /** What it is called. */
    name: string;
    /** What the label set calls it: by that it is known when rules rename it. */
    label?: string;
}
/** What people say of an image's content. */
export interface Corrections {
    /** Of that content: they are about no other. */
    sha256: string;
    added: PersonsTag[];
    /** What isn't on it. */
    removed: RemovedTag[];
}
/** What a person says. */
export interface Correction {
    add: PersonsTag[];
    remove: RemovedTag[];
    /** Names of which nothing is said any more: the model's word counts again. */
    forget: string[];
}
/** Of an image, by the model and the rules alone. */
export type OwnTags = Pick<ImageRecord, 'tags' | 'broader'>;
/** All of them are found: postings are given to tags in their order, and people's come first. */
export declare const MAX_ADDED = 10;
export declare const MAX_REMOVED = 50;
/**
 * Adds what a person says to what was said before: the later word counts. Who adds a tag takes back that it, or what is
 * above it, was removed; who removes one takes back those added below it.
 *
 * @throws {TagmillError} `invalid-argument` if a name is said twice, a tag is added below one that is removed, or there are too
 * many.
 */
export declare function mergeCorrection(before: Corrections, { add, remove, forget }: Correction): Corrections;
/** They stay until content that they aren't about is seen, which what failed was not. */
export declare function isKept(corrections: Corrections, { image }: ImageRecord): boolean;
/**
 * Lays people's corrections over the model's tags. With a tag that isn't there goes what would imply it: who says that there
 * is no dog says that there is no collie. What was seen because of it goes as well: without the bee, there is less of an insect.
 */
export declare function correctTags({ tags, broader }: OwnTags, image: {
    sha256?: string;
} | undefined, corrections: Corrections | undefined): OwnTags;
/**
 * The record as readers see it.
 *
 * @returns the same object if there is nothing to correct.
 */
export declare function correctRecord(record: ImageRecord, corrections: Corrections | undefined): ImageRecord;
