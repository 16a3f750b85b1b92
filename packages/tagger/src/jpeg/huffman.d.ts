import type { HuffmanTable } from './jpeg-scan.ts';
/** Bits that the tables of more than one Huffman code look at: the AC ones have 8 KiB then, and a core's nearest cache holds them. */
export declare const LOOK_BITS = 12;
/** Coefficients of a block after the first. */
export declare const AC_COEFFICIENTS = 63;
export declare const isInBlock: (steps: number) => boolean;
export declare const isBeyondBlock: (steps: number) => boolean;
export declare const bitsOf: (steps: number) => number;
export interface AcTables {
    /** Of each 16 bits the step that is made by their first Huffman code and the value that it announces. */
    steps: Uint16Array;
    /** Of each {@link LOOK_BITS} bits the sum of the steps that are whole in them. */
    runs: Uint16Array;
}
/** Nothing if it is no Huffman table. */
export declare const acTables: (table: HuffmanTable) => AcTables | undefined;
export interface DcTables {
    /** Of each 16 bits 256 times the size of the difference that their first Huffman code announces, plus its bits; 0 if there is none. */
    sizes: Uint16Array;
    /** Of each {@link LOOK_BITS} bits 256 times the difference that they begin with, plus its bits; 0 if it isn't whole. */
    differences: Int32Array;
}
/** Nothing if it is no Huffman table. */
export declare const dcTables: (table: HuffmanTable) => DcTables | undefined;
/** The value that bits stand for, of which the first tells the sign: EXTEND, F.2.2.1. */
export declare function extendSign(value: number, size: number): number;
