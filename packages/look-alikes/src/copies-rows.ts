import type { Copies, CopyOf, Picture } from './copies.ts';

/** What a list of copies says of an image. */
export interface ListedPicture extends Pick<Picture, 'name' | 'width' | 'height' | 'bytes' | 'takenAt'> {
  fingerprint: { sharpness: number };
}

/** A group of {@link Copies} as far as it is listed. */
export interface ListedCopies {
  keep: ListedPicture;
  why: Copies<Picture>['why'];
  others: (Omit<CopyOf<Picture>, 'picture'> & { picture: ListedPicture })[];
}

/** Columns of a list of copies, in their order. */
export const COPIES_COLUMNS = [
  'group',
  'image',
  'keep',
  'why',
  'width',
  'height',
  'bytes',
  'sharpness',
  'takenAt',
  'distance',
  'likeness',
] as const;

/**
 * One row an image of a group, the one to keep first.
 *
 * @example
 * listCopies(group, 1)[0]; // { group: 1, image: 'a.jpg', keep: 'yes', why: 'largest', width: 640, … }
 */
export function listCopies({ keep, why, others }: ListedCopies, group: number) {
  const kept = { picture: keep, why, distance: undefined, likeness: undefined };
  return [kept, ...others.map((other) => ({ likeness: undefined, ...other, why: undefined }))].map(
    ({ picture: { name, width, height, bytes, takenAt, fingerprint }, why, distance, likeness }) => ({
      group,
      image: name,
      keep: why === undefined ? 'no' : 'yes',
      why,
      width,
      height,
      bytes,
      sharpness: fingerprint.sharpness,
      takenAt,
      distance,
      likeness: likeness === undefined ? undefined : roundLikeness(likeness),
    }),
  );
}

/** More digits of a cosine say nothing. */
export function roundLikeness(likeness: number): number {
  return Math.round(likeness * 1000) / 1000;
}
