import type { HuffmanTable } from './jpeg-scan.ts';

/** Bits of the longest Huffman code. */
const LONGEST_CODE_BITS = 16;

/** Bits that the tables of more than one Huffman code look at: the AC ones have 8 KiB then, and a core's nearest cache holds them. */
export const LOOK_BITS = 12;

/** Coefficients of a block after the first. */
export const AC_COEFFICIENTS = 63;

/**
 * How far a reader has come in a block is a number, so that steps are added: AC coefficients, 128 if the block has ended, and 256 times
 * the bits. Its end counts as a coefficient, since there must be one left for it. What can't be goes beyond a block.
 */
const ENDED = 128;
const BIT = 256;
const BEYOND = AC_COEFFICIENTS + 1;

export const isInBlock = (steps: number) => (steps & 255) < AC_COEFFICIENTS;
export const isBeyondBlock = (steps: number) => (steps & 127) > AC_COEFFICIENTS;
export const countBits = (steps: number) => steps >>> 8;

/** JPEG (ITU-T T.81), F.1.2.2. */
const END_OF_BLOCK = 0x00;
const SIXTEEN_ZEROS = 0xf0;

/** Look-up tables that are kept: most pictures come from few encoders. */
const MOST_KNOWN = 16;

/** Makes something of a Huffman table once, as long as there aren't too many. */
function onceEach<Tables>(make: (table: HuffmanTable) => Tables): (table: HuffmanTable) => Tables {
  const known = new Map<string, { tables: Tables }>();
  return (table) => {
    const name = Buffer.concat([table.counts, table.symbols]).toString('latin1');
    let found = known.get(name);
    if (!found) {
      if (known.size === MOST_KNOWN) known.clear();
      found = { tables: make(table) };
      known.set(name, found);
    }
    return found.tables;
  };
}

export interface AcTables {
  /** Of each 16 bits the step that is made by their first Huffman code and the value that it announces. */
  steps: Uint16Array;
  /** Of each {@link LOOK_BITS} bits the sum of the steps that are whole in them. */
  runs: Uint16Array;
}

/** Nothing if it is no Huffman table. */
export const acTables = onceEach((table): AcTables | undefined => {
  const steps = acSteps(table);
  return steps && { steps, runs: acRuns(steps) };
});

export interface DcTables {
  /** Of each 16 bits 256 times the size of the difference that their first Huffman code announces, plus its bits; 0 if there is none. */
  sizes: Uint16Array;
  /** Of each {@link LOOK_BITS} bits 256 times the difference that they begin with, plus its bits; 0 if it isn't whole. */
  differences: Int32Array;
}

/** Nothing if it is no Huffman table. */
export const dcTables = onceEach((table): DcTables | undefined => {
  const sizes = dcSizes(table);
  return sizes && { sizes, differences: dcDifferences(sizes) };
});

function acSteps(table: HuffmanTable): Uint16Array | undefined {
  return lookUpByFirstCode(table, BEYOND, (symbol, bits) => {
    const [zeros, size] = [symbol >> 4, symbol & 15];
    if (symbol === END_OF_BLOCK) return bits * BIT + ENDED + 1;
    return size > 0 || symbol === SIXTEEN_ZEROS ? (bits + size) * BIT + zeros + 1 : BEYOND;
  });
}

function acRuns(steps: Uint16Array): Uint16Array {
  const runs = new Uint16Array(1 << LOOK_BITS);
  for (let next = 0; next < runs.length; next++) {
    let run = 0;
    while (isInBlock(run)) {
      const sum = run + steps[(next << (LONGEST_CODE_BITS - LOOK_BITS + countBits(run))) & 0xffff]!;
      if (countBits(sum) > LOOK_BITS || isBeyondBlock(sum)) break;
      run = sum;
    }
    runs[next] = run || BEYOND;
  }
  return runs;
}

function dcSizes(table: HuffmanTable): Uint16Array | undefined {
  if (table.symbols.some((size) => size > 15)) return undefined;
  return lookUpByFirstCode(table, 0, (size, bits) => size * BIT + bits);
}

function dcDifferences(sizes: Uint16Array): Int32Array {
  const differences = new Int32Array(1 << LOOK_BITS);
  for (let next = 0; next < differences.length; next++) {
    const entry = sizes[next << (LONGEST_CODE_BITS - LOOK_BITS)]!;
    const size = entry >>> 8;
    const bits = (entry & 255) + size;
    if (entry === 0 || bits > LOOK_BITS) continue;
    differences[next] = extendSign((next >>> (LOOK_BITS - bits)) & ((1 << size) - 1), size) * BIT + bits;
  }
  return differences;
}

/** The value that bits stand for, of which the first tells the sign: EXTEND, F.2.2.1. */
export function extendSign(value: number, size: number): number {
  return size === 0 || value >>> (size - 1) ? value : value - (1 << size) + 1;
}

/** Huffman codes of one length are numbers that follow each other, and begin after the shorter ones: C.2. */
function lookUpByFirstCode(
  { counts, symbols }: HuffmanTable,
  none: number,
  entryOf: (symbol: number, bits: number) => number,
): Uint16Array | undefined {
  const entries = new Uint16Array(1 << LONGEST_CODE_BITS).fill(none);
  let [index, from] = [0, 0];
  for (const [shorter, count] of counts.entries()) {
    const bits = shorter + 1;
    for (let i = 0; i < count; i++, index++) {
      const to = from + (1 << (LONGEST_CODE_BITS - bits));
      if (to > entries.length || index >= symbols.length) return undefined;
      entries.fill(entryOf(symbols[index]!, bits), from, to);
      from = to;
    }
  }
  return entries;
}
