/**
 * The CRC of bytes that follow each other, from the CRCs of the pieces: bits are appended by multiplying polynomials over
 * GF(2), as zlib's crc32_combine does. https://github.com/madler/zlib/blob/develop/crc32.c
 *
 * @param polynomial reflected; so are the CRCs, and the lowest power is their highest bit.
 */
export declare function combineCrcs(pieces: readonly {
    crc: bigint;
    size: number;
}[], polynomial: bigint, width: number): bigint;
