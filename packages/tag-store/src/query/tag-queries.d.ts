import { type Outcome } from '@tagmill/core';
import type { Page, TagStoreOptions } from '../types.ts';
import { type Synonyms } from './look-up-names.ts';
import { type UnknownName } from './unknown-names.ts';
/** Most records on a page: as many keys as one BatchGetItem takes. */
export declare const MAX_PAGE_SIZE = 100;
export interface TagQueriesOptions extends TagStoreOptions {
    /** The names that each synonym, in lower case, stands for. */
    synonyms?: Synonyms;
    /** Of tags that there are, whether or not images have them. */
    names?: readonly string[];
    /** That images may be tagged with; an expression may name no others. Unchecked if absent. */
    variants?: readonly string[] | undefined;
    /** Most entries that are looked at for one page, whatever the filter: it bounds a request's time and cost. */
    maxExamined?: number;
}
export interface FindImagesOptions {
    /** All images if absent, newest first. */
    expression?: string | undefined;
    /** Only images with this outcome. */
    outcome?: Outcome | undefined;
    limit: number;
    cursor?: string | undefined;
}
/** How a page was found. */
export interface Plan {
    /** What was read, in its order. */
    accessPath: string;
    /** What could have been read, with about how many entries it has. Only on a first page, and where there was a choice. */
    considered: {
        accessPath: string;
        entries: number;
    }[];
    /** Entries that were looked at. */
    examined: number;
    readUnits: number;
}
/** Pages of records. */
export declare class TagQueries {
    #private;
    constructor(options: TagQueriesOptions);
    /**
     * A page of the images that an expression describes, in the order of what leads to them: a tag's images most confident
     * first, else newest first; ties in a fixed order. Images that nobody writes to meanwhile come exactly once, page after page.
     *
     * @returns at most `limit` records. Fewer, even none, are no sign of the end: only a missing cursor is. On a first page also
     * the names that no tag has, if there are any.
     * @throws {TagmillError} `invalid-argument` if the expression, the limit or the cursor makes no sense, or if no variant fits.
     *
     * @example
     * await queries.find({ expression: 'dog and not cat and confidence>0.5', limit: 50 })
     */
    find({ expression: text, outcome, limit, cursor, }: FindImagesOptions): Promise<Page & {
        unknownNames?: UnknownName[];
        plan: Plan;
    }>;
}
