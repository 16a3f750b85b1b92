import type { ImageRecord } from '@tagmill/core';
import type { Facts } from './expression/matches.ts';
import { tagKey } from './keys.ts';
import { formatRank, hundredthsOfPercent, listNames, type Posting, readPostingTag } from './postings.ts';

/**
 * What a posting and an index entry repeat of their image, so that an expression passes over others without reading their
 * records. One text, because taking it apart is much faster than DynamoDB's own lists and maps are; it stays below a kilobyte,
 * the least that a write is charged.
 */
export type StoredFacts = string;

/** Bytes of facts up to which they hold the key, so that they stay below a kilobyte: of very long names the record decides. */
const MOST_BYTES = 900;

/** What the postings and the index entry of a record repeat. */
export function formatFacts(record: ImageRecord): StoredFacts {
  const { image, outcome, model, taggedAt } = record;
  const found = listNames(record);
  const confidences = (isPosted: boolean) =>
    Object.fromEntries(
      found
        .filter(({ through }) => (through.length === 0) === isPosted)
        .map(({ name, confidence }) => [name, hundredthsOfPercent(confidence)]),
    );
  const [names, above] = [confidences(true), confidences(false)];
  const facts = { names, above, outcome, variant: model?.variant, takenAt: image.takenAt, taggedAt };
  const withKey = JSON.stringify({ ...facts, key: keyOf(record) });
  return Buffer.byteLength(withKey) <= MOST_BYTES ? withKey : JSON.stringify(facts);
}

function keyOf({ image }: ImageRecord): string | undefined {
  return 'key' in image ? image.key : undefined;
}

/** What images are counted by, of stored facts: names as they are written, where it is, when it was taken. Of damaged ones, no name and no more. */
export function parseFacets(stored: StoredFacts): Pick<Facts, 'key' | 'takenAt'> & { names: string[] } {
  try {
    const { names, above, key, takenAt } = JSON.parse(stored);
    return { names: Object.keys({ ...names, ...above }), key, takenAt };
  } catch {
    return { names: [] };
  }
}

/**
 * What a posting or an index entry says; it may be out of date.
 *
 * @throws if it is damaged.
 */
export function parseFacts(stored: StoredFacts): Facts {
  const { names, above, ...facts } = JSON.parse(stored);
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
    const names: [string, number][] = Object.entries(JSON.parse(stored).names);
    return names.map(([name, confidence]) => `${formatRank(confidence)}#${name}`);
  } catch {
    return [];
  }
}

function byKey(names: readonly [string, number][]): Map<string, number> {
  return new Map(names.map(([name, confidence]) => [tagKey(name), confidence]));
}
