/**
 * Ends a JPEG that lacks but its last marker: every viewer shows it whole, and libjpeg calls it cut off.
 *
 * @returns the same bytes if it has an end. One that was cut off earlier gets one as well: its decoder warns of what is missing.
 */
export declare function withJpegEnd(bytes: Uint8Array): Uint8Array;
