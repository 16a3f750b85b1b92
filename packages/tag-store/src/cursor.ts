import { TagmillError } from '@tagmill/core';

/** Hides a position in a listing, so that nobody builds on its form. */
export function encodeCursor(position: string): string {
  return Buffer.from(position).toString('base64url');
}

/**
 * The position that a cursor stands for.
 *
 * @param form what a position of this listing looks like.
 * @throws {TagmillError} `invalid-argument` if it isn't a cursor of this listing.
 */
export function decodeCursor(cursor: string, form: RegExp): string {
  const position = Buffer.from(cursor, 'base64url').toString('utf8');
  if (form.test(position)) return position;
  throw new TagmillError('invalid-argument', `Not a cursor of this listing: "${cursor}"`);
}
