import { crc32 } from 'node:zlib';
import { seededRandom } from '../../../../test/helpers/random.ts';

/** A mutated file stays this small, so that a hundred thousand can be tried: what size does is for bombs.ts. */
const MAX_BYTES = 256 * 1024;

/** Where sizes and counts overflow, wrap or vanish. */
const EDGES = [0, 1, 2, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff];

class Dice {
  readonly next: () => number;
  constructor(seed: number) {
    this.next = seededRandom(seed);
  }
  /** A whole number below `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }
  one<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
  /** An offset into a file, mostly where its header is. */
  offset(file: Buffer): number {
    return this.below(this.next() < 0.6 ? Math.min(file.length, 512) : file.length);
  }
  bytes(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => this.below(256)));
  }
}

type Mutation = (file: Buffer, dice: Dice, other: Buffer) => Buffer;

const MUTATIONS: readonly Mutation[] = [
  function flip(file, dice) {
    for (let i = dice.below(8); i >= 0; i--) file[dice.offset(file)]! ^= 1 << dice.below(8);
    return file;
  },
  function edge(file, dice) {
    const value = dice.one(EDGES);
    const field = Buffer.alloc(4);
    if (dice.next() < 0.5) field.writeUInt32BE(value);
    else field.writeUInt32LE(value);
    const size = dice.one([1, 2, 4]);
    field.copy(file, dice.offset(file), dice.next() < 0.5 ? 4 - size : 0, 4);
    return file;
  },
  function garbage(file, dice) {
    dice.bytes(dice.below(32)).copy(file, dice.offset(file));
    return file;
  },
  function cut(file, dice) {
    return file.subarray(0, dice.offset(file));
  },
  function remove(file, dice) {
    const at = dice.offset(file);
    return Buffer.concat([file.subarray(0, at), file.subarray(at + dice.below(64))]);
  },
  function repeat(file, dice) {
    const at = dice.offset(file);
    const part = file.subarray(at, at + 1 + dice.below(200));
    const copies = Array(dice.one([1, 2, 10, 1000])).fill(part);
    return Buffer.concat([file.subarray(0, at), ...copies, file.subarray(at)]);
  },
  function insert(file, dice) {
    const at = dice.offset(file);
    return Buffer.concat([file.subarray(0, at), dice.bytes(1 + dice.below(64)), file.subarray(at)]);
  },
  function move(file, dice) {
    const [from, to] = [dice.offset(file), dice.offset(file)];
    file.copyWithin(to, from, from + dice.below(64));
    return file;
  },
  function splice(file, dice, other) {
    return Buffer.concat([file.subarray(0, dice.offset(file)), other.subarray(dice.offset(other))]);
  },
  function append(file, _, other) {
    return Buffer.concat([file, other]);
  },
];

/**
 * One hostile file: the same for the same corpus, seed and index.
 *
 * @returns at most 256 KiB.
 */
export function mutated(corpus: readonly Buffer[], { seed, index }: { seed: number; index: number }): Buffer {
  const dice = new Dice(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
  let file: Buffer = Buffer.from(dice.one(corpus));
  for (let i = dice.below(4); i >= 0 && file.length > 0; i--) {
    const mutate = dice.one(MUTATIONS);
    file = Buffer.from(mutate(file, dice, dice.one(corpus)).subarray(0, MAX_BYTES));
  }
  // Else a PNG's checksums would let nothing through.
  return dice.next() < 0.8 ? withChecksums(file) : file;
}

function withChecksums(file: Buffer): Buffer {
  if (file.toString('latin1', 1, 4) !== 'PNG') return file;
  for (let at = 8; at + 12 <= file.length; ) {
    const end = at + 8 + file.readUInt32BE(at);
    if (end + 4 > file.length) break;
    file.writeUInt32BE(crc32(file.subarray(at + 4, end)), end);
    at = end + 4;
  }
  return file;
}
