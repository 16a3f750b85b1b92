/**
 * How the chroma of a HEIC's pictures is stored, by what its `hvcC` boxes say: phones write 4:2:0.
 *
 * @returns the finest of all, since a file may hold several pictures.
 */
export declare function readHevcChroma(bytes: Uint8Array): '4:2:0' | 'finer';
