import type { HuffmanCode } from './jpeg-scan.ts';

/** Bits of the longest word. */
const WORD_BITS = 16;

/** Bits that the tables of more than a word look at: the AC ones have 8 KiB then, and a core's nearest cache holds them. */
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
export const bitsOf = (steps: number) => steps >>> 8;

/** JPEG (ITU-T T.81), F.1.2.2. */
const END_OF_BLOCK = 0x00;
const SIXTEEN_ZEROS = 0xf0;

/** Tables of codes that were met: most pictures come from few encoders. */
const MOST_KNOWN = 16;

/** Makes something of a code once, as long as there aren't too many. */
function onceEach<Tables>(make: (code: HuffmanCode) => Tables): (code: HuffmanCode) => Tables {
  const known = new Map<string, { tables: Tables }>();
  return (code) => {
    const name = Buffer.concat([code.counts, code.symbols]).toString('latin1');
    let found = known.get(name);
    if (!found) {
      if (known.size === MOST_KNOWN) known.clear();
      found = { tables: make(code) };
      known.set(name, found);
    }
    return found.tables;
  };
}

export interface AcTables {
  /** Of each 16 bits the step that is made by their first word and the value that it announces. */
  steps: Uint16Array;
  /** Of each {@link LOOK_BITS} bits the sum of the steps that are whole in them. */
  runs: Uint16Array;
}

/** Nothing if it is no code. */
export const acTables = onceEach((code): AcTables | undefined => {
  const steps = acSteps(code);
  return steps && { steps, runs: acRuns(steps) };
});

export interface DcTables {
  /** Of each 16 bits 256 times the size of the difference that their first word announces, plus its bits; 0 if there is none. */
  sizes: Uint16Array;
  /** Of each {@link LOOK_BITS} bits 256 times the difference that they begin with, plus its bits; 0 if it isn't whole. */
  differences: Int32Array;
}

/** Nothing if it is no code. */
export const dcTables = onceEach((code): DcTables | undefined => {
  const sizes = dcSizes(code);
  return sizes && { sizes, differences: dcDifferences(sizes) };
});

function acSteps(code: HuffmanCode): Uint16Array | undefined {
  return byFirstWord(code, BEYOND, (symbol, bits) => {
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
      const sum = run + steps[(next << (WORD_BITS - LOOK_BITS + bitsOf(run))) & 0xffff]!;
      if (bitsOf(sum) > LOOK_BITS || isBeyondBlock(sum)) break;
      run = sum;
    }
    runs[next] = run || BEYOND;
  }
  return runs;
}

function dcSizes(code: HuffmanCode): Uint16Array | undefined {
  if (code.symbols.some((size) => size > 15)) return undefined;
  return byFirstWord(code, 0, (size, bits) => size * BIT + bits);
}

function dcDifferences(sizes: Uint16Array): Int32Array {
  const differences = new Int32Array(1 << LOOK_BITS);
  for (let next = 0; next < differences.length; next++) {
    const word = sizes[next << (WORD_BITS - LOOK_BITS)]!;
    const size = word >>> 8;
    const bits = (word & 255) + size;
    if (word === 0 || bits > LOOK_BITS) continue;
    differences[next] = extended((next >>> (LOOK_BITS - bits)) & ((1 << size) - 1), size) * BIT + bits;
  }
  return differences;
}

/** The value that bits stand for, of which the first tells the sign: EXTEND, F.2.2.1. */
export function extended(value: number, size: number): number {
  return size === 0 || value >>> (size - 1) ? value : value - (1 << size) + 1;
}

/** Words of one length are numbers that follow each other, and begin after the shorter ones: C.2. */
function byFirstWord(
  { counts, symbols }: HuffmanCode,
  none: number,
  entryOf: (symbol: number, bits: number) => number,
): Uint16Array | undefined {
  const entries = new Uint16Array(1 << WORD_BITS).fill(none);
  let [index, from] = [0, 0];
  for (const [shorter, count] of counts.entries()) {
    const bits = shorter + 1;
    for (let i = 0; i < count; i++, index++) {
      const to = from + (1 << (WORD_BITS - bits));
      if (to > entries.length || index >= symbols.length) return undefined;
      entries.fill(entryOf(symbols[index]!, bits), from, to);
      from = to;
    }
  }
  return entries;
}
