/**
 * Holds a JPEG against the number of scans that one may have: 1.2 MB with 3,000 scans of 196 megapixels kept a decoder busy
 * for more than a minute.
 *
 * @throws {TagmillError} `corrupt`.
 */
export declare function assertFewScans(bytes: Uint8Array): void;
