/**
 * Orders two S3 sequencers of one key: hexadecimal, of unequal length, right-padded with zeros before they are compared as
 * text (S3 User Guide, "Event message structure").
 *
 * @returns negative if `a` came first, 0 if they are the same, else positive.
 *
 * @example
 * compareSequencers('0055AED6', '0055AED6DCD9') // negative
 */
export function compareSequencers(a: string, b: string): number {
  const length = Math.max(a.length, b.length);
  const [left, right] = [a, b].map((each) => each.toUpperCase().padEnd(length, '0')) as [string, string];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The later of two sequencers, either of which may be missing. */
export function laterSequencer(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return compareSequencers(a, b) >= 0 ? a : b;
}
