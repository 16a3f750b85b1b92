import type { ImageTagger } from '@tagmill/policy';
import { compareSequencers, type ImageState } from '@tagmill/tag-store';
import type { ImageEvent } from './events.ts';
import type { StoredObject } from './ports.ts';

/**
 * Whether the table already shows what an event announces, so that nothing needs to be fetched. Proven in
 * docs/decisions/06-exactly-once.md; in short, what is written shows the object as it was read after
 *
 * - every event with a sequencer up to the state's own;
 * - the creation of the version that it read: version ids are never used twice (`null` is: it isn't one);
 * - a revisit, which tells of no change;
 * - for a backfill, which carries no order: the object that the listing showed, tagged by a model that is still in use.
 *
 * A `failed` record, and one that can't be read, shows nothing: whatever comes next tries again.
 */
export function isAlreadyApplied(event: ImageEvent, seen: ImageState, tagger: Pick<ImageTagger, 'isCurrent'>): boolean {
  const { status, record, sequencer } = seen;
  if (status === 'absent' || status === 'unreadable' || record?.outcome === 'failed') return false;
  if (event.isRevisit) return true;
  if (event.sequencer !== undefined) {
    if (sequencer !== undefined && compareSequencers(event.sequencer, sequencer) <= 0) return true;
    return isVersionId(event.versionId) && event.versionId === imageOf(seen).versionId && isCurrent(seen, tagger);
  }
  if (event.etag === undefined || event.lastModified === undefined) return false;
  return isCurrent(seen, tagger) && isSameObject(seen, { etag: event.etag, lastModified: event.lastModified });
}

/** Whether the object, as it is now, is the very one that the table shows, tagged by a model that is still in use. */
export function isUnchanged(object: StoredObject, seen: ImageState, tagger: Pick<ImageTagger, 'isCurrent'>): boolean {
  if (!isCurrent(seen, tagger)) return false;
  return isSameObject(seen, object) && object.versionId === imageOf(seen).versionId;
}

function isCurrent({ record }: ImageState, tagger: Pick<ImageTagger, 'isCurrent'>): boolean {
  return record?.model !== undefined && tagger.isCurrent(record.model);
}

/** S3 gives the time of an object in whole seconds in one answer, and in milliseconds in another. */
export function isSameObject(
  seen: ImageState,
  { etag, lastModified }: Pick<StoredObject, 'etag' | 'lastModified'>,
): boolean {
  const seconds = (date: Date | undefined) => date && Math.floor(date.getTime() / 1000);
  return imageOf(seen).etag === etag && seconds(seen.lastModified) === seconds(lastModified);
}

function imageOf({ record }: ImageState): { etag?: string; versionId?: string } {
  return record && 'bucket' in record.image ? record.image : {};
}

function isVersionId(versionId: string | undefined): boolean {
  return versionId !== undefined && versionId !== 'null';
}
