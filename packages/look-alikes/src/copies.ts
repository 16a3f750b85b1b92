import type { Fingerprint } from '@tagmill/core';
import { EmbeddingList } from './embeddings.ts';
import { HashList } from './hashes.ts';
import { isSamePicture, MOST_BITS } from './same-picture.ts';

/** An image, as far as copies of it are told and ranked. */
export interface Picture {
  /** Breaks ties: the copy whose name comes first is kept. */
  name: string;
  fingerprint: Fingerprint;
  /** Of the network that saw it: the sharpness of images that were seen at different ones can't be compared. */
  resolution?: number | undefined;
  width?: number | undefined;
  height?: number | undefined;
  bytes?: number | undefined;
  /** ISO 8601, without a time zone. */
  takenAt?: string | undefined;
}

/** Why a copy is kept: in this it is better than the next best, and what comes before doesn't tell them apart. */
export type KeptBecause = 'largest' | 'sharpest' | 'earliest' | 'most bytes' | 'first by name';

export interface CopyOf<P extends Picture> {
  picture: P;
  /** Bits of its hash that differ from that of the kept one. */
  distance: number;
  /** Cosine of its embedding to that of the kept one; absent where they can't be compared. */
  likeness?: number;
}

/** Copies of one picture. */
export interface Copies<P extends Picture> {
  keep: P;
  why: KeptBecause;
  /** The better ones first. */
  others: CopyOf<P>[];
}

/** A step of sharpness: copies within one count as equally sharp. */
const SHARPER = 1.1;

/** For so long others wait while images are compared in turns. */
const TURN_MS = 20;

/**
 * Groups images that show the same picture: resized, recompressed, in grey, turned, a little cropped, or from a burst. What is like an
 * image of a group belongs to the group.
 *
 * It compares each image with each other one: docs/decisions/28-near-duplicates.md has the times.
 *
 * @returns groups of two or more, in the order of `pictures`.
 */
export function findCopies<P extends Picture>(pictures: readonly P[]): Copies<P>[] {
  const steps = findStepwise(pictures);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/**
 * As {@link findCopies}, in turns with whatever else this process has to do.
 *
 * @param isAbandoned whether nobody waits for it any more.
 * @returns undefined if it was abandoned.
 */
export async function findCopiesInTurns<P extends Picture>(
  pictures: readonly P[],
  isAbandoned: () => boolean,
): Promise<Copies<P>[] | undefined> {
  const steps = findStepwise(pictures);
  for (let start = performance.now(); ; ) {
    const { done, value } = steps.next();
    if (done) return value;
    if (performance.now() - start < TURN_MS) continue;
    await new Promise((resolve) => setImmediate(resolve));
    if (isAbandoned()) return undefined;
    start = performance.now();
  }
}

/** Gives way after each image that was compared with those behind it. */
function* findStepwise<P extends Picture>(pictures: readonly P[]): Generator<undefined, Copies<P>[]> {
  const hashes = new HashList(pictures.map(({ fingerprint }) => fingerprint.hash));
  const embeddings = new EmbeddingList(pictures.map(({ fingerprint }) => fingerprint));
  const groupOf = Array.from(pictures.keys());
  const rootOf = (index: number): number => {
    let root = index;
    while (groupOf[root] !== root) root = groupOf[root]!;
    groupOf[index] = root;
    return root;
  };
  for (let a = 0; a < pictures.length; a++) {
    for (let b = a + 1; b < pictures.length; b++) {
      const distance = hashes.distance(a, b);
      if (distance > MOST_BITS) continue;
      const likeness = embeddings.likeness(a, b);
      const sharpness = Math.min(pictures[a]!.fingerprint.sharpness, pictures[b]!.fingerprint.sharpness);
      if (!isSamePicture({ distance, likeness, sharpness })) continue;
      const [one, other] = [rootOf(a), rootOf(b)];
      groupOf[Math.max(one, other)] = Math.min(one, other);
    }
    yield;
  }
  const members = Map.groupBy(pictures.keys(), rootOf);
  return [...members.values()]
    .filter(({ length }) => length > 1)
    .map((indexes) => rankCopies(indexes.map((index) => pictures[index]!)));
}

/** Says which copy of a picture to keep, of two or more, and why. */
export function rankCopies<P extends Picture>(pictures: readonly P[]): Copies<P> {
  const bySharpness = new Set(pictures.map(({ resolution }) => resolution)).size === 1;
  const ranked = pictures.toSorted((a, b) => compareCopies(a, b, bySharpness).order);
  const [keep, ...others] = ranked as [P, P, ...P[]];
  const hashes = new HashList(ranked.map(({ fingerprint }) => fingerprint.hash));
  const embeddings = new EmbeddingList(ranked.map(({ fingerprint }) => fingerprint));
  return {
    keep,
    why: compareCopies(keep, others[0]!, bySharpness).why,
    others: others.map((picture, i) => {
      const likeness = embeddings.likeness(0, i + 1);
      return { picture, distance: hashes.distance(0, i + 1), ...(likeness !== undefined && { likeness }) };
    }),
  };
}

/** Which of two copies is the better one, and in what: below 0 the first. */
function compareCopies(a: Picture, b: Picture, bySharpness: boolean): { order: number; why: KeptBecause } {
  const pixels = ({ width = 0, height = 0 }: Picture) => width * height;
  if (pixels(a) !== pixels(b)) return { order: pixels(b) - pixels(a), why: 'largest' };
  const [sharpA, sharpB] = [a, b].map(({ fingerprint }) => sharpnessStep(fingerprint.sharpness)) as [number, number];
  if (bySharpness && sharpA !== sharpB) return { order: sharpB - sharpA, why: 'sharpest' };
  if (a.takenAt !== b.takenAt) {
    // One without a time has lost it, as copies do.
    const isFirst = b.takenAt === undefined || (a.takenAt !== undefined && a.takenAt < b.takenAt);
    return { order: isFirst ? -1 : 1, why: 'earliest' };
  }
  if (a.bytes !== b.bytes) return { order: (b.bytes ?? 0) - (a.bytes ?? 0), why: 'most bytes' };
  return { order: a.name < b.name ? -1 : 1, why: 'first by name' };
}

/** Sharpness in whole steps of {@link SHARPER}: a mere tolerance would be no order, as a may be like b, b like c, and a unlike c. */
function sharpnessStep(sharpness: number): number {
  return Math.round(Math.log(Math.max(sharpness, 1e-3)) / Math.log(SHARPER));
}
