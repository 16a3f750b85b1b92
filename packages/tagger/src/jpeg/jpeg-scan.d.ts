import type { Size } from '../pixels/scaling.ts';
/** A Huffman table: JPEG (ITU-T T.81), B.2.4.2. */
export interface HuffmanTable {
    /** How many Huffman codes there are of 1, 2, … 16 bits. */
    counts: Uint8Array;
    /** What they stand for, in order of their codes. */
    symbols: Uint8Array;
}
export interface JpegComponent {
    /** Blocks across and down in each minimum coded unit. */
    across: 1 | 2;
    down: 1 | 2;
    /** What a DC coefficient is multiplied by. */
    quantum: number;
    dc: HuffmanTable;
    ac: HuffmanTable;
}
/** The one scan of a JPEG. */
export interface JpegScan extends Size {
    /** Luma; and two of chroma, with one block each, unless the picture is grey. */
    components: [JpegComponent, ...JpegComponent[]];
    /** Minimum coded units between two restarts, 0 for none. */
    restartInterval: number;
    /** Offset of its data. */
    start: number;
}
/**
 * Reads what a baseline JPEG of 8 bits says of its one scan, whatever else the file holds.
 *
 * @returns nothing if it is of another kind, has other colours than grey or YCbCr, or is damaged.
 */
export declare function readJpegScan(file: Buffer): JpegScan | undefined;
