export interface RgbaPixels {
    /** width x height x 4 bytes, row by row. */
    data: Uint8Array;
    width: number;
    height: number;
}
/**
 * Decodes the primary image of a HEIC file, upright: libheif applies the rotation that the file asks for. It is not cropped yet.
 *
 * sharp's prebuilt libvips lacks HEVC, so this is libheif in WebAssembly. It runs on the calling thread. Its own calls are
 * used, not libheif-js's HeifDecoder, which prints on stdout and throws where nobody can catch.
 *
 * @param options.maxPixels what the header said, which the limits were held against.
 * @throws {TagmillError} `corrupt`.
 */
export declare function decodeHeic(bytes: Uint8Array, { maxPixels }: {
    maxPixels: number;
}): Promise<RgbaPixels>;
