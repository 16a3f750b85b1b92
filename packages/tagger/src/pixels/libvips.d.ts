/** sharp, set up. It is loaded when it is first asked for: most JPEGs get along without. */
export declare function loadLibvips(): Promise<typeof import('sharp')['default']>;
/**
 * Runs what libvips does to an image; that it can't is the image's fault: nothing else goes in.
 *
 * @throws {TagmillError} `corrupt`; `timeout` if it was given up for that, which libvips tells by its message alone.
 */
export declare function wrapDecodeErrors<Result>(work: () => Promise<Result>): Promise<Result>;
