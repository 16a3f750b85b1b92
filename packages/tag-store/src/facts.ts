import type { ImageFacts, ImageRecord } from '@tagmill/core';
import type { Facts } from './expression/matches.ts';
import { tagKey } from './keys.ts';
import { confidencesOf, type Posting } from './postings.ts';

/** What is known of an image when its tags are. */
export interface TaggedImage extends Pick<ImageRecord, 'tags' | 'broader'>, Partial<Pick<ImageRecord, 'model'>> {
  image?: Pick<Partial<ImageFacts>, 'takenAt' | 'sha256'>;
  taggedAt?: string;
}

/**
 * What a posting and an index entry repeat of their image, so that an expression passes over others without reading their
 * records. One text, because taking it apart is much faster than DynamoDB's own lists and maps are; it stays below a kilobyte,
 * the least that a write is charged.
 */
export type StoredFacts = string;

/** What the postings of an image that is being tagged repeat. */
export function factsToStore(
  live: readonly Posting[],
  { tags, image, taggedAt, ...more }: TaggedImage,
  at: Date,
): StoredFacts {
  const outcome = tags.length > 0 ? 'tagged' : 'empty';
  return storedFacts(live, { ...more, image: image ?? {}, outcome, taggedAt: taggedAt ?? at.toISOString() });
}

type Described = Pick<ImageRecord, 'outcome' | 'taggedAt' | 'model'> & { image: { takenAt?: string } };

/** What the index entry of a record repeats. */
export function storedFacts(live: readonly Posting[], { image, outcome, model, taggedAt }: Described): StoredFacts {
  const names = Object.fromEntries(confidencesOf(live));
  return JSON.stringify({ names, outcome, variant: model?.variant, takenAt: image.takenAt, taggedAt });
}

/** The names that stored facts hold, as they are written. */
export function namesStored(stored: StoredFacts): string[] {
  return Object.keys(JSON.parse(stored).names);
}

/** What a posting or an index entry says; it may be out of date. */
export function factsStored(stored: StoredFacts): Facts {
  const { names, ...facts } = JSON.parse(stored);
  return { ...facts, names: byKey(Object.entries<number>(names)) };
}

/** What is so of a record that is found by these postings. */
export function factsOfRecord({ image, outcome, model, taggedAt }: ImageRecord, live: readonly Posting[]): Facts {
  return { names: byKey(confidencesOf(live)), outcome, variant: model?.variant, takenAt: image.takenAt, taggedAt };
}

function byKey(names: readonly [string, number][]): Map<string, number> {
  return new Map(names.map(([name, confidence]) => [tagKey(name), confidence]));
}
