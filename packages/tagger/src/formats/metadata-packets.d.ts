import type { ImageFormat } from '@tagmill/core';
/** XMP and IPTC, as a file carries them. */
export interface MetadataPackets {
    xmp?: Buffer | undefined;
    iptc?: Buffer | undefined;
}
/** Finds them where the format keeps them. @throws {RangeError} if the file is cut off. */
export declare function readMetadataPackets(file: Buffer, format: ImageFormat): MetadataPackets;
