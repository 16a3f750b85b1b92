import type { ImageRecord } from '@tagmill/core';
import { type ItemKey } from './keys.ts';
/** Most names that one image is found by: it bounds what an image costs (docs/decisions/08-table.md). */
export declare const MAX_NAMES = 16;
/**
 * One posting as its image's record lists it, `rank#tag`: with the image's id it gives the posting's key. It is stored rather
 * than derived anew, so that postings can be found again after a change of how they are laid out.
 */
export type Posting = string;
/** What an image can be found by. */
export interface FoundName {
    name: string;
    confidence: number;
    /**
     * Names of the same image, as keys, that bring this one along: it is found by their postings. Where there are none, it has a
     * posting of its own.
     */
    through: string[];
}
type Named = Pick<ImageRecord, 'tags' | 'broader'>;
/**
 * What an image is found by: its tags, then its broader tags, then the parents of its tags. A parent that isn't a broader
 * tag in its own right counts with the sum of the tags below it. Beyond {@link MAX_NAMES} the last ones are left out.
 *
 * @example
 * listNames({ tags: [{ name: 'collie', confidence: 0.75, parents: ['dog'] }], broader: [] })
 * // [{ name: 'collie', confidence: 0.75, through: [] }, { name: 'dog', confidence: 0.75, through: ['collie'] }]
 */
export declare function listNames({ tags, broader }: Named): FoundName[];
/**
 * An image's postings: the names that it is found by, without those that others bring along. Who asks for `dog` is shown what
 * has a posting of `dog` or of any name below it, so that a collie needs no second one.
 */
export declare function makePostings(record: Named): Posting[];
/** In ten-thousandths, as precise as postings are. */
export declare function hundredthsOfPercent(confidence: number): number;
/** The key of an image's posting. Sort keys ascend, so the most confident comes first; the image breaks ties. */
export declare function postingKey(id: string, posting: Posting): ItemKey;
/** The tag that a posting is about, as a key. */
export declare function readPostingTag(posting: Posting): string;
/** Of a confidence in ten-thousandths, inverted: 1 is `00000`, 0 is `10000`. */
export declare function formatRank(confidence: number): string;
export {};
