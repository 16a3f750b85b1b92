/** Up to so many bits, hashes tell alone that two images show the same picture. */
const SURE_BITS = 8;
/** Up to so many, they may, if the embeddings are alike. */
export const MOST_BITS = 20;
/** From this cosine on, embeddings are alike; for hashes further apart than so many bits it has to be more. */
const ALIKE = { likeness: 0.9, bits: 12, perBit: 0.01 } as const;
/** Less sharp than this, a picture is so plain that its hash says nothing. */
const PLAIN_SHARPNESS = 1;

/** How two images compare. */
export interface Compared {
  /** Bits of their hashes that differ. */
  distance: number;
  /** Cosine of their embeddings; absent where they can't be compared. */
  likeness: number | undefined;
  /** The sharpness of the less sharp one. */
  sharpness: number;
}

/**
 * Whether two images show the same picture: docs/decisions/28-near-duplicates.md says how the numbers were chosen.
 *
 * @example
 * isSamePicture({ distance: 3, likeness: 0.4, sharpness: 120 }); // true: a grey copy, say
 * isSamePicture({ distance: 15, likeness: 0.97, sharpness: 120 }); // true: a cropped one
 * isSamePicture({ distance: 15, likeness: 0.7, sharpness: 120 }); // false
 */
export function isSamePicture({ distance, likeness, sharpness }: Compared): boolean {
  if (distance > MOST_BITS) return false;
  const least = ALIKE.likeness + ALIKE.perBit * Math.max(0, distance - ALIKE.bits);
  const isAlike = likeness !== undefined && likeness >= least;
  return isAlike || (distance <= SURE_BITS && sharpness >= PLAIN_SHARPNESS);
}
