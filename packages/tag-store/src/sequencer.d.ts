/**
 * Orders two S3 sequencers of one key: hexadecimal, of unequal length, right-padded with zeros before they are compared as
 * text (S3 User Guide, "Event message structure").
 *
 * @returns negative if `a` came first, 0 if they are the same, else positive.
 *
 * @example
 * compareSequencers('0055AED6', '0055AED6DCD9') // negative
 */
export declare function compareSequencers(a: string, b: string): number;
/** The later of two sequencers, either of which may be missing. */
export declare function laterSequencer(a: string | undefined, b: string | undefined): string | undefined;
