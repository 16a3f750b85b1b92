import type { Size } from '../pixels/scaling.ts';
import { type JpegSegment, MARKER } from './jpeg-segments.ts';

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
export function readJpegScan(file: Buffer, segments: readonly JpegSegment[]): JpegScan | undefined {
  const tables: Tables = { quanta: [], codes: [] };
  let frame: Buffer | undefined;
  let restartInterval = 0;
  for (const { marker, start, end } of segments) {
    const content = file.subarray(start, end);
    let isSound = true;
    if (marker === MARKER.DQT) isSound = readQuanta(content, tables);
    else if (marker === MARKER.DHT) isSound = readCodes(content, tables);
    else if (marker === MARKER.APP14) isSound = saysYCbCr(content);
    else if (marker === MARKER.DRI && content.length === 2) restartInterval = content.readUInt16BE();
    else if (marker === MARKER.SOF0 && content.length > 5 && !frame) frame = content;
    else if (marker === MARKER.SOS && frame) {
      const components = readComponents(frame, content, tables);
      const [height, width] = [frame.readUInt16BE(1), frame.readUInt16BE(3)];
      return components && { width, height, components, restartInterval, start: end };
    } else isSound = marker >= MARKER.APP0 && marker <= MARKER.COM;
    if (!isSound) return undefined;
  }
  return undefined;
}

interface Tables {
  /** By a table's number, what its first value is. */
  quanta: number[];
  /** By a code's number, and 16 for AC. */
  codes: HuffmanTable[];
}

/** Quantization tables, of bytes or of pairs of them: B.2.4.1. */
function readQuanta(content: Buffer, { quanta }: Tables): boolean {
  let at = 0;
  while (at < content.length) {
    const [bytes, table] = [1 + (content[at]! >> 4), content[at]! & 15];
    const end = at + 1 + 64 * bytes;
    if (bytes > 2 || end > content.length) return false;
    quanta[table] = content.readUIntBE(at + 1, bytes);
    at = end;
  }
  return true;
}

function readCodes(content: Buffer, { codes }: Tables): boolean {
  let at = 0;
  while (at < content.length) {
    const counts = content.subarray(at + 1, at + 17);
    const from = at + 17;
    const end = from + counts.reduce((sum, count) => sum + count, 0);
    if (end > content.length) return false;
    codes[content[at]!] = { counts, symbols: content.subarray(from, end) };
    at = end;
  }
  return true;
}

/** Adobe's segment says how colours are kept: 1 is YCbCr. */
function saysYCbCr(content: Buffer): boolean {
  return !content.toString('latin1').startsWith('Adobe') || content[11] === 1;
}

function readComponents(frame: Buffer, scan: Buffer, { quanta, codes }: Tables): JpegScan['components'] | undefined {
  const [bits, count] = [frame[0], frame[5]];
  if (bits !== 8 || scan[0] !== count || (count !== 1 && count !== 3)) return undefined;
  const components: JpegComponent[] = [];
  for (let index = 0; index < count; index++) {
    const [id, sampling = 0, table = 0] = frame.subarray(6 + 3 * index);
    const [scanned, coding = 0] = scan.subarray(1 + 2 * index);
    const [quantum, dc, ac] = [quanta[table], codes[coding >> 4], codes[16 + (coding & 15)]];
    // The blocks of a single component aren't interleaved: A.2.2.
    const [across, down] = count === 1 ? [1, 1] : [sampling >> 4, sampling & 15];
    const isUsual = id === index + 1 && scanned === id && isOneOrTwo(across) && isOneOrTwo(down);
    if (!isUsual || !quantum || !dc || !ac) return undefined;
    components.push({ across, down, quantum, dc, ac });
  }
  const [luma, ...chroma] = components;
  return luma && chroma.every(({ across, down }) => across * down === 1) ? [luma, ...chroma] : undefined;
}

function isOneOrTwo(value: number | undefined): value is 1 | 2 {
  return value === 1 || value === 2;
}
