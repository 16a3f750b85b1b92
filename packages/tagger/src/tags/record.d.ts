import { type ImageName, type ImageRecord, type Timings } from '@tagmill/core';
import type { Tagging } from '../tagger.ts';
/** The record of an image that was looked at. */
export declare function makeTaggedRecord(name: ImageName, { image, scores: _, ...tagging }: Tagging, taggedAt: Date): ImageRecord;
/**
 * The record of an image that could not be tagged: `rejected` if it never can be, else `failed`. It keeps the reason, a
 * message for people, and what was known of the image by then.
 */
export declare function makeUntaggedRecord(name: ImageName, error: unknown, taggedAt: Date, timings?: Timings): ImageRecord;
