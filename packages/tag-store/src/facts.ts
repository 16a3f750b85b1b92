import type { Fingerprint, ImageRecord } from '@tagmill/core';
import type { Facts } from './expression/matches.ts';
import { tagKey } from './keys.ts';
import { packPlace, type StoredPlace, withPlace } from './places.ts';
import { formatRank, hundredthsOfPercent, listNames, type Posting, readPostingTag } from './postings.ts';

/**
 * What a posting and an index entry repeat of their image, so that an expression passes over others without reading their
 * records. One text, because taking it apart is much faster than DynamoDB's own lists and maps are; it stays below a kilobyte,
 * the least that a write is charged. In an index entry of an image that has an embedding, a list of that text and the embedding.
 */
export type StoredFacts = string | readonly [string, StoredPlace];

/** Bytes of facts up to which they hold the key, so that they stay below a kilobyte: of very long names the record decides. */
const MOST_BYTES = 900;

/** What the postings of a record repeat. */
export function formatFacts(record: ImageRecord): string {
  const { outcome, taggedAt } = record;
  return formatText(record, { outcome, taggedAt });
}

/**
 * What the index entry of a record repeats, beside the outcome and the time, which its keys say. The image's item keeps its embedding
 * there and nowhere else.
 */
export function formatEntryFacts(record: ImageRecord, fingerprint: Fingerprint | undefined): StoredFacts {
  const place = fingerprint && packPlace(fingerprint);
  const text = formatText(record, {});
  return place ? [text, place] : text;
}

function formatText(record: ImageRecord, said: Partial<Pick<ImageRecord, 'outcome' | 'taggedAt'>>): string {
  const { image, model } = record;
  const found = listNames(record);
  const confidences = (isPosted: boolean) =>
    Object.fromEntries(
      found
        .filter(({ through }) => (through.length === 0) === isPosted)
        .map(({ name, confidence }) => [name, hundredthsOfPercent(confidence)]),
    );
  const [names, above] = [confidences(true), confidences(false)];
  const facts = { names, above, ...said, variant: model?.variant, takenAt: image.takenAt };
  const withKey = JSON.stringify({ ...facts, key: keyOf(record) });
  return Buffer.byteLength(withKey) <= MOST_BYTES ? withKey : JSON.stringify(facts);
}

/** The fingerprint of a content, with the embedding that stands beside it. */
export function completeFingerprint(
  fingerprint: Fingerprint | undefined,
  stored: StoredFacts | undefined,
): Fingerprint | undefined {
  const isWhole = !fingerprint?.space || fingerprint.embedding !== undefined;
  return isWhole || typeof stored !== 'object' ? fingerprint : withPlace(fingerprint, stored[1]);
}

function textOf(stored: StoredFacts): string {
  return typeof stored === 'string' ? stored : stored[0];
}

function keyOf({ image }: ImageRecord): string | undefined {
  return 'key' in image ? image.key : undefined;
}

/** What images are counted by, of stored facts: names as they are written, where it is, when it was taken. Of damaged ones, no name and no more. */
export function parseFacets(stored: StoredFacts): Pick<Facts, 'key' | 'takenAt'> & { names: string[] } {
  try {
    const { names, above, key, takenAt } = JSON.parse(textOf(stored));
    return { names: Object.keys({ ...names, ...above }), key, takenAt };
  } catch {
    return { names: [] };
  }
}

/**
 * What a posting or an index entry says; it may be out of date.
 *
 * @param said by an index entry's keys: entries of before repeat that.
 * @throws if it is damaged.
 */
export function parseFacts(stored: StoredFacts, said: Partial<Pick<Facts, 'outcome' | 'taggedAt'>> = {}): Facts {
  const { names, above, ...facts } = { ...said, ...JSON.parse(textOf(stored)) };
  const posted = Object.keys(names).map(tagKey);
  return { ...facts, names: byKey(Object.entries<number>({ ...names, ...above })), posted };
}

/** What is so of a record that has these postings. */
export function deriveFacts(record: ImageRecord, live: readonly Posting[]): Facts {
  const { image, outcome, model, taggedAt } = record;
  const names = listNames(record).map(({ name, confidence }): [string, number] => [
    name,
    hundredthsOfPercent(confidence),
  ]);
  const posted = live.map(readPostingTag);
  const times = { takenAt: image.takenAt, taggedAt };
  return { names: byKey(names), posted, outcome, key: keyOf(record), variant: model?.variant, ...times };
}

/** The postings of a record that has these facts; none if they are damaged. */
export function parsePostings(stored: StoredFacts): Posting[] {
  try {
    const names: [string, number][] = Object.entries(JSON.parse(textOf(stored)).names);
    return names.map(([name, confidence]) => `${formatRank(confidence)}#${name}`);
  } catch {
    return [];
  }
}

function byKey(names: readonly [string, number][]): Map<string, number> {
  return new Map(names.map(([name, confidence]) => [tagKey(name), confidence]));
}
