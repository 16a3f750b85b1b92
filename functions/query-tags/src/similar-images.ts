import { type ImageRecord, TagmillError } from '@tagmill/core';
import { EmbeddingList } from '@tagmill/look-alikes';
import {
  assertReadable,
  type ImageState,
  imageId,
  type ObjectName,
  readStatesById,
  signSpace,
  TagStore,
  type TagStoreOptions,
  type UnreadableItem,
} from '@tagmill/tag-store';
import { PlacesInMemory, type PlacesInMemoryOptions } from './places-in-memory.ts';

/** An image, and how much it is like another. */
export type AlikeImage = ImageRecord & {
  /** Cosine of the two embeddings: 1 is the most. */
  likeness: number;
};

/** Images that look like another. */
export interface SimilarPage {
  images: AlikeImage[];
  unreadable?: UnreadableItem[];
  /** Images that it was compared with. */
  compared: number;
  /** Images that it can't be compared with, being of another space. */
  otherSpaces: number;
}

export interface SimilarOptions {
  limit: number;
  /** Whether records have their fingerprints. */
  fingerprint: boolean;
}

/** Finds images that look like one of them: docs/decisions/29-similar.md. */
export class SimilarImages {
  readonly #table: TagStoreOptions;
  readonly #store: TagStore;
  readonly #places: PlacesInMemory;

  constructor(options: PlacesInMemoryOptions) {
    this.#table = options;
    this.#store = new TagStore(options);
    this.#places = new PlacesInMemory(options);
  }

  /**
   * The images that are most like one, the most alike first. Memory proposes them; the table, read consistently, says what is there and
   * how much it is like the image.
   *
   * @throws {TagmillError} `not-found` if the image has no record; `invalid-argument` if that has no embedding; `unavailable` while
   * embeddings are read for the first time.
   */
  async find(name: ObjectName, { limit, fingerprint }: SimilarOptions): Promise<SimilarPage> {
    const own = await this.#store.read(name);
    const { space, embedding } = assertReadable(own).fingerprint ?? {};
    if (!own.record) throw new TagmillError('not-found', `No record of ${name.key} in ${name.bucket}`);
    if (space === undefined || embedding === undefined) throw noEmbedding(own.record, name);

    await this.#places.refresh();
    const { embeddings } = this.#places;
    const place = { space: signSpace(space), embedding: new Int8Array(Buffer.from(embedding, 'base64')) };
    const ownId = imageId(name);
    embeddings.put(ownId, place);
    const looked = new Set([ownId]);
    const images: AlikeImage[] = [];
    const unreadable: UnreadableItem[] = [];
    for (let count = limit + 1; ; count *= 2) {
      const near = embeddings.nearest(place, count);
      const candidates = near.map(({ id }) => id).filter((id) => !looked.has(id));
      const states = await readStatesById(this.#table, candidates);
      const list = new EmbeddingList([own.fingerprint!, ...states.map(fingerprintOf)]);
      for (const [i, id] of candidates.entries()) {
        looked.add(id);
        const state = states[i];
        const likeness = list.likeness(0, i + 1);
        if (!state) embeddings.forget(id);
        else if (!('name' in state)) unreadable.push(state);
        else if (likeness !== undefined) images.push(alike(state, { likeness, fingerprint }));
      }
      if (images.length >= limit || near.length < count) break;
    }
    const compared = embeddings.count(place) - 1;
    return {
      images: images.toSorted((a, b) => b.likeness - a.likeness).slice(0, limit),
      ...(unreadable.length > 0 && { unreadable }),
      compared,
      otherSpaces: embeddings.size - 1 - compared,
    };
  }
}

function fingerprintOf(state: ImageState | UnreadableItem | undefined) {
  return (state && 'name' in state && state.fingerprint) || {};
}

function alike(
  { record, fingerprint: own }: ImageState,
  { likeness, fingerprint }: { likeness: number; fingerprint: boolean },
): AlikeImage {
  return { ...record!, ...(fingerprint && own && { fingerprint: own }), likeness: Math.round(likeness * 1e4) / 1e4 };
}

function noEmbedding({ outcome }: ImageRecord, { bucket, key }: ObjectName): TagmillError {
  const isLookedAt = outcome === 'tagged' || outcome === 'empty';
  const why = isLookedAt ? 'only variants of everyday make them' : `it is ${outcome}`;
  return new TagmillError('invalid-argument', `${key} in ${bucket} has no embedding to compare: ${why}`);
}
