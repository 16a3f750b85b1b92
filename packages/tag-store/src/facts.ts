import type { ImageFacts, ImageRecord, Outcome } from '@tagmill/core';
import type { Facts } from './expression/matches.ts';
import { foundBy, type Posting } from './postings.ts';

/** What is known of an image when its tags are. */
export interface TaggedImage extends Pick<ImageRecord, 'tags' | 'broader'>, Partial<Pick<ImageRecord, 'model'>> {
  image?: Pick<Partial<ImageFacts>, 'takenAt'>;
  taggedAt?: string;
}

/**
 * What a posting and an index entry repeat of their image, so that an expression passes over others without reading their
 * records. They stay below a kilobyte, the least that a write is charged.
 */
export interface StoredFacts {
  live: Posting[];
  outcome: Outcome;
  variant?: string | undefined;
  takenAt?: string | undefined;
  taggedAt: string;
}

/** What the postings of an image that is being tagged repeat. */
export function factsToStore(live: Posting[], { tags, model, image, taggedAt }: TaggedImage, at: Date): StoredFacts {
  return {
    live,
    outcome: tags.length > 0 ? 'tagged' : 'empty',
    variant: model?.variant,
    takenAt: image?.takenAt,
    taggedAt: taggedAt ?? at.toISOString(),
  };
}

/** What is so of a record that is found by these postings. */
export function factsOfRecord({ image, outcome, model, taggedAt }: ImageRecord, live: readonly Posting[]): Facts {
  return { names: foundBy(live), outcome, variant: model?.variant, takenAt: takenAtOf(image), taggedAt };
}

/** What a posting or an index entry says; it may be out of date. */
export function factsStored({ live, ...facts }: StoredFacts): Facts {
  return { names: foundBy(live), ...facts };
}

/** When the camera says that an image was taken. */
export function takenAtOf(image: ImageRecord['image']): string | undefined {
  return 'takenAt' in image ? image.takenAt : undefined;
}
