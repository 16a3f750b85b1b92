import { type ImageName, type ImageRecord, isRejection, TagmillError, type Timings } from '@tagmill/core';
import { InspectionError } from '../inspect.ts';
import type { Tagging } from '../tagger.ts';

/** The record of an image that was looked at. */
export function makeTaggedRecord(
  name: ImageName,
  { image, scores: _, fingerprint: __, ...tagging }: Tagging,
  taggedAt: Date,
): ImageRecord {
  return { schemaVersion: 1, image: { ...name, ...image }, ...tagging, taggedAt: taggedAt.toISOString() };
}

/**
 * The record of an image that could not be tagged: `rejected` if it never can be, else `failed`. It keeps the reason, a
 * message for people, and what was known of the image by then.
 */
export function makeUntaggedRecord(name: ImageName, error: unknown, taggedAt: Date, timings?: Timings): ImageRecord {
  const reason = isRejection(error) ? error.code : error instanceof TagmillError ? failureReason(error) : 'internal';
  return {
    schemaVersion: 1,
    image: { ...name, ...(error instanceof InspectionError ? error.facts : {}) },
    outcome: isRejection(error) ? 'rejected' : 'failed',
    reason,
    message: error instanceof Error ? error.message : String(error),
    tags: [],
    broader: [],
    ...(timings === undefined ? {} : { timings }),
    taggedAt: taggedAt.toISOString(),
  };
}

function failureReason({ code }: TagmillError): NonNullable<ImageRecord['reason']> {
  return code === 'unreadable' || code === 'timeout' || code === 'gave-up' ? code : 'internal';
}
