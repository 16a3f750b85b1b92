import type { ImageRecord } from '@tagmill/core';
import { type Copies, findCopiesInTurns, type Picture } from '@tagmill/look-alikes';
import type { OpenStack } from '@tagmill/stack-client';

/** The time to compare images grows with their square: these take some ten seconds. */
const MOST_COMPARED = 10_000;

/** As many as the API gives at once. */
const PAGE_SIZE = 100;

/** An image whose copies are looked for, with its record. */
export interface RecordedPicture extends Picture {
  record: Omit<ImageRecord, 'fingerprint'>;
}

export interface DuplicatesRequest {
  q?: string | undefined;
  outcome?: string | undefined;
  /** Whether nobody waits for it any more. */
  isAbandoned: () => boolean;
}

/** Groups of images that show the same picture. */
export interface Duplicates {
  groups: Copies<RecordedPicture>[];
  compared: number;
  /** Images that can't be compared: without a fingerprint, or with a record that can't be read. */
  leftOut: number;
  /** There are more images than are compared at once. */
  isCut: boolean;
}

/**
 * Groups the images that answer a question by what they show.
 *
 * @returns undefined if it was abandoned; the API's answer, if that is a problem.
 */
export async function findDuplicates(
  { callApi }: Pick<OpenStack, 'callApi'>,
  { q, outcome, isAbandoned }: DuplicatesRequest,
): Promise<Duplicates | Response | undefined> {
  const pictures: RecordedPicture[] = [];
  const question = { ...(q !== undefined && { q }), ...(outcome !== undefined && { outcome }) };
  let leftOut = 0;
  let cursor: string | undefined;
  do {
    if (isAbandoned()) return undefined;
    const query = {
      ...question,
      limit: String(PAGE_SIZE),
      fingerprint: 'true',
      ...(cursor !== undefined && { cursor }),
    };
    const answer = await callApi(`images?${new URLSearchParams(query)}`);
    if (!answer.ok) return answer;
    const page = (await answer.json()) as { images: ImageRecord[]; unreadable?: unknown[]; cursor?: string };
    const found = page.images.map(toPicture).filter((picture) => picture !== undefined);
    pictures.push(...found);
    // What can't be tagged has no fingerprint, and is told elsewhere.
    const tagged = page.images.filter((each) => each.outcome === 'tagged' || each.outcome === 'empty');
    leftOut += tagged.length - found.length + (page.unreadable?.length ?? 0);
    cursor = page.cursor;
  } while (cursor !== undefined && pictures.length < MOST_COMPARED);
  const groups = await findCopiesInTurns(pictures, isAbandoned);
  return groups && { groups, compared: pictures.length, leftOut, isCut: cursor !== undefined };
}

function toPicture({ fingerprint, ...record }: ImageRecord): RecordedPicture | undefined {
  if (!fingerprint || !('bucket' in record.image)) return undefined;
  const { bucket, key, width, height, bytes, takenAt } = record.image;
  const name = `${bucket}/${key}`;
  return { name, record, fingerprint, resolution: record.model?.resolution, width, height, bytes, takenAt };
}
