import { TagmillError } from '@tagmill/core';
import { unpackContent } from './content.ts';
import { parseCorrections } from './corrections.ts';
import { completeFingerprint, parseFacets, parseFacts, parsePostings } from './facts.ts';
import { idOf, imageId, type ObjectName } from './keys.ts';
import type { Content, ImageState, UnreadableItem } from './types.ts';

/** Less than any that is written: of an item whose own can't be read. */
export const NO_REVISION = 0;

/** Of an image that is absent, or gone. */
const nothing: Partial<Content> & Pick<Content, 'live'> = { live: [] };

/** As the store wrote it. */
// biome-ignore lint/suspicious/noExplicitAny: items come untyped from the table
type StoredItem = Record<string, any>;

/** Of an image that the table has nothing about. */
export function makeAbsentState(name: ObjectName): ImageState {
  return { name, id: imageId(name), revision: 0, status: 'absent', live: [], stale: [] };
}

/** What an image's item says. It never throws: what can't be read is {@link ImageState.status} `unreadable`. */
export function readState(name: ObjectName, item: StoredItem): ImageState {
  const content = contentOf(item);
  if ('fault' in content) return { name, ...unreadable(imageId(name), item, content.fault) };
  return stateWith(name, item, content);
}

/** The same of an item that has a content, which tells whose it is; or why it tells nothing. */
export function readRecordedState(item: StoredItem): ImageState | UnreadableItem {
  const content = contentOf(item);
  if (!('fault' in content)) return stateWith(nameOf(content), item, content);
  const { key } = parseFacets(item.facts);
  return { id: idOf(item.pk), fault: content.fault, ...(typeof key === 'string' && { key }) };
}

/** Whether an unreadable item has the key of its object, in that bucket: its id is made of both. */
export function isNamedIn(bucket: string, item: UnreadableItem): item is UnreadableItem & { key: string } {
  return item.key !== undefined && imageId({ bucket, key: item.key }) === item.id;
}

/** What is left of an item that can't be read, whoever it is about; undefined if it can. */
export function readUnreadable(id: string, item: StoredItem): Omit<ImageState, 'name'> | undefined {
  const content = contentOf(item);
  return 'fault' in content ? unreadable(id, item, content.fault) : undefined;
}

/**
 * The same state.
 *
 * @throws {TagmillError} `unreadable` if it is.
 */
export function assertReadable(state: ImageState): ImageState {
  const { status, name, fault } = state;
  if (status !== 'unreadable') return state;
  throw new TagmillError('unreadable', `The record of s3://${name.bucket}/${name.key} cannot be read: ${fault}`);
}

/** What an item holds of its image; or what is wrong with it. */
function contentOf(item: StoredItem): typeof nothing | { fault: string } {
  try {
    if (typeof item.rev !== 'number') return { fault: 'it has no revision' };
    if (item.content === undefined) return nothing;
    const { fingerprint: packed, ...rest } = unpackContent(item.content);
    const fingerprint = completeFingerprint(packed, item.facts);
    const content = { ...rest, ...(fingerprint && { fingerprint }), ...correctionsOf(item) };
    parseFacts(item.facts);
    return imageId(nameOf(content)) === idOf(item.pk) ? content : { fault: 'it is about another image' };
  } catch (error) {
    return { fault: (error as Error).message };
  }
}

/** What people said outlives the rest. */
function correctionsOf({ corrections }: StoredItem): Pick<Content, 'corrections'> {
  return corrections === undefined ? {} : { corrections: parseCorrections(corrections) };
}

function unreadable(id: string, item: StoredItem, fault: string): Omit<ImageState, 'name'> {
  const { rev, sequencer, stale, facts } = item;
  return {
    id,
    revision: typeof rev === 'number' ? rev : NO_REVISION,
    status: 'unreadable',
    fault,
    ...(sequencer && { sequencer }),
    ...readableCorrections(item),
    live: [],
    // All postings that it may have, so that whoever writes it anew takes them away.
    stale: [...(Array.isArray(stale) ? stale : []), ...parsePostings(facts)],
  };
}

function readableCorrections(item: StoredItem): Pick<Content, 'corrections'> {
  try {
    return correctionsOf(item);
  } catch {
    return {};
  }
}

function stateWith(name: ObjectName, item: StoredItem, { lastModified, ...content }: typeof nothing): ImageState {
  return {
    name,
    id: imageId(name),
    revision: item.rev,
    status: item.state,
    ...(item.sequencer && { sequencer: item.sequencer }),
    ...content,
    ...(lastModified && { lastModified: new Date(lastModified) }),
    ...(item.rulesVersion && { rules: item.rulesVersion }),
    stale: item.stale ?? [],
  };
}

/** Which image a content is about. */
function nameOf({ record }: typeof nothing): ObjectName {
  const { bucket, key } = record!.image as ObjectName;
  return { bucket, key };
}
