import {
  type AcTables,
  acTables,
  countBits,
  type DcTables,
  dcTables,
  extendSign,
  isBeyondBlock,
  isInBlock,
  LOOK_BITS,
} from './huffman.ts';
import type { JpegComponent, JpegScan } from './jpeg-scan.ts';
import { MARKER } from './jpeg-segments.ts';

/** A side of a block, in pixels. */
export const BLOCK = 8;

/** More than the blocks of a unit take, six at most: 64 Huffman codes of 16 bits with values of 15. */
const UNIT_BYTES = 6 * 256;

/** No picture has means that are so far from grey; libjpeg, if a file has, begins anew on the other side. */
const MOST = 512;

/** The position where nothing that was expected is. */
const NOWHERE = 2 ** 30;

/** The means of a picture's blocks of 8 x 8 samples. */
export interface JpegMeans {
  /** Minimum coded units, one after the other, and in each luma before chroma: JPEG (ITU-T T.81), A.2. */
  means: Uint8ClampedArray;
  unitsAcross: number;
  unitBlocks: number;
}

/** What is known of a component while its blocks are read. */
interface Component extends DcTables, AcTables {
  quantum: number;
  /** The last DC coefficient, in quanta. */
  dc: number;
}

/**
 * Reads the mean of each block, which is its DC coefficient over eight, and a half of the range (A.3.1, A.3.3). Of the other
 * coefficients nothing but their bits has to be known.
 *
 * @returns nothing if there is a fault: a block that isn't whole, a marker that isn't at its place, something left over.
 */
export function decodeJpegMeans(file: Buffer, scan: JpegScan): JpegMeans | undefined {
  const [luma] = scan.components;
  const unitsAcross = Math.ceil(scan.width / (BLOCK * luma.across));
  const units = unitsAcross * Math.ceil(scan.height / (BLOCK * luma.down));
  /** A unit's blocks, each by its component. */
  const blocks: Component[] = [];
  for (const each of scan.components) {
    const component = withTables(each);
    if (!component) return undefined;
    for (let i = 0; i < each.across * each.down; i++) blocks.push(component);
  }
  const means = new Uint8ClampedArray(units * blocks.length);
  let start = scan.start;
  for (let unit = 0, restarts = 0; unit < units; restarts++) {
    const { data, bits, end } = entropyCoded(file, start);
    let position = 0;
    for (const last = Math.min(units, unit + (scan.restartInterval || units)); unit < last; unit++) {
      position = readUnit(data, position, blocks, means, unit * blocks.length);
      if (position > bits) return undefined;
    }
    const marker = unit === units ? MARKER.EOI : MARKER.RST0 + (restarts % 8);
    if (bits - position >= 8 || file[end + 1] !== marker) return undefined;
    for (const component of blocks) component.dc = 0;
    start = end + 2;
  }
  return { means, unitsAcross, unitBlocks: blocks.length };
}

/**
 * Writes the means of a unit's blocks. It is called once a unit, rather than being a loop over them all, so that V8 compiles it for good.
 *
 * @returns the position after it, or NOWHERE.
 */
function readUnit(
  data: DataView,
  start: number,
  blocks: readonly Component[],
  means: Uint8ClampedArray,
  index: number,
): number {
  let position = start;
  for (let block = 0; block < blocks.length; block++) {
    const component = blocks[block]!;
    position = readDc(data, position, component);
    if (position === NOWHERE) return NOWHERE;
    const mean = (component.dc * component.quantum + 4) >> 3;
    if (mean < -MOST || mean >= MOST) return NOWHERE;
    means[index + block] = 128 + mean;
    position = passAc(data, position, component);
    if (position === NOWHERE) return NOWHERE;
  }
  return position;
}

function withTables({ quantum, dc, ac }: JpegComponent): Component | undefined {
  const [ofDc, ofAc] = [dcTables(dc), acTables(ac)];
  return ofDc && ofAc && { quantum, ...ofDc, ...ofAc, dc: 0 };
}

/** Kept from picture to picture: memory that is touched for the first time is slow. */
let kept = new ArrayBuffer(0);

/** What is there up to the next marker: until then each 0xff is followed by a 0, which isn't meant. */
function entropyCoded(file: Buffer, start: number): { data: DataView; bits: number; end: number } {
  if (kept.byteLength < file.length + UNIT_BYTES) kept = new ArrayBuffer(file.length + UNIT_BYTES);
  const bytes = new Uint8Array(kept);
  let [at, length] = [start, 0];
  while (true) {
    const found = file.indexOf(0xff, at);
    const end = found < 0 ? file.length : found;
    length += file.copy(bytes, length, at, end);
    if (file[end + 1] !== 0) return { data: new DataView(kept), bits: length * 8, end };
    bytes[length++] = 0xff;
    at = end + 2;
  }
}

/** Sets a component's DC coefficient: F.2.2.1. */
function readDc(data: DataView, position: number, component: Component): number {
  const next = bitsAt(data, position);
  const difference = component.differences[next >>> (32 - LOOK_BITS)]!;
  if (difference !== 0) {
    component.dc += difference >> 8;
    return position + (difference & 255);
  }
  const entry = component.sizes[next >>> 16]!;
  if (entry === 0) return NOWHERE;
  const [from, size] = [position + (entry & 255), entry >>> 8];
  if (size > 0) component.dc += extendSign(bitsAt(data, from) >>> (32 - size), size);
  return from + size;
}

/** Passes over a block's AC coefficients: F.2.2.2. */
function passAc(data: DataView, position: number, { runs, steps }: Component): number {
  let made = 0;
  do {
    const next = bitsAt(data, position + countBits(made));
    const run = runs[next >>> (32 - LOOK_BITS)]!;
    const sum = made + run;
    if (isInBlock(sum)) {
      // The bits of another run are known already.
      const more = sum + runs[(next << countBits(run)) >>> (32 - LOOK_BITS)]!;
      made = isBeyondBlock(more) ? sum : more;
    } else {
      made = isBeyondBlock(sum) ? made + steps[next >>> 16]! : sum;
    }
  } while (isInBlock(made));
  return isBeyondBlock(made) ? NOWHERE : position + countBits(made);
}

/** The bits from a position on, of which 25 at least are known. */
function bitsAt(data: DataView, position: number): number {
  return data.getUint32(position >>> 3) << (position & 7);
}
