import type { CodedColours } from './coded-colours.ts';

/** Of a NAL unit: ITU-T H.265, table 7-1. */
const SEQUENCE_PARAMETER_SET = 33;

/** ISO 14496-15, 8.3.3.1: the arrays of parameter sets follow so many bytes. */
const ARRAYS_AT = 22;

/**
 * The colours that an HEVC picture tells by its own sequence parameter set (ITU-T H.265, 7.3.2.2 and E.2.1), as some encoders do in place
 * of a `colr` box.
 *
 * @param configuration content of an `hvcC` box.
 * @throws {RangeError} if it is cut off.
 */
export function readHevcColours(configuration: Buffer): CodedColours | undefined {
  let at = ARRAYS_AT + 1;
  for (let arrays = configuration.readUInt8(ARRAYS_AT); arrays > 0; arrays--) {
    const type = configuration.readUInt8(at) & 63;
    const units = configuration.readUInt16BE(at + 1);
    at += 3;
    for (let i = 0; i < units; i++) {
      const length = configuration.readUInt16BE(at);
      const unit = configuration.subarray(at + 2, at + 2 + length);
      if (type === SEQUENCE_PARAMETER_SET) return readColours(new Bits(withoutEscapes(unit.subarray(2))));
      at += 2 + length;
    }
  }
  return undefined;
}

/** 7.4.2: after two zeros, a 3 only keeps what follows from looking like a start. */
function withoutEscapes(unit: Buffer): Buffer {
  return Buffer.from(unit.filter((byte, i) => !(byte === 3 && unit[i - 1] === 0 && unit[i - 2] === 0)));
}

class Bits {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  skip(count: number): void {
    this.#at += count;
  }

  u(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++, this.#at++) {
      value = value * 2 + ((this.#bytes.readUInt8(this.#at >> 3) >> (7 - (this.#at & 7))) & 1);
    }
    return value;
  }

  flag(): boolean {
    return this.u(1) === 1;
  }

  /** Exp-Golomb: 9.2. A signed one is as long. */
  ue(): number {
    let zeros = 0;
    while (!this.flag()) zeros++;
    if (zeros > 32) throw new RangeError('No number is so long');
    return 2 ** zeros - 1 + this.u(zeros);
  }

  skipUe(count: number): void {
    for (let i = 0; i < count; i++) this.ue();
  }
}

/** Names as H.265 has them, where a value decides what follows. */
function readColours(bits: Bits): CodedColours | undefined {
  bits.skip(4);
  const maxSubLayers = bits.u(3);
  bits.skip(1);
  skipProfileTierLevel(bits, maxSubLayers);
  bits.ue();
  if (bits.ue() === 3) bits.skip(1);
  bits.skipUe(2);
  if (bits.flag()) bits.skipUe(4);
  bits.skipUe(2);
  const pocBits = bits.ue() + 4;
  const hasOrderingOfEach = bits.flag();
  bits.skipUe(3 * (hasOrderingOfEach ? maxSubLayers + 1 : 1));
  bits.skipUe(6);
  const hasScalingLists = bits.flag() && bits.flag();
  if (hasScalingLists) skipScalingLists(bits);
  bits.skip(2);
  const isPcmEnabled = bits.flag();
  if (isPcmEnabled) {
    bits.skip(8);
    bits.skipUe(2);
    bits.skip(1);
  }
  skipReferenceSets(bits);
  const hasLongTermReferences = bits.flag();
  if (hasLongTermReferences) bits.skip(bits.ue() * (pocBits + 1));
  bits.skip(2);
  const hasVui = bits.flag();
  return hasVui ? coloursOfVui(bits) : undefined;
}

function coloursOfVui(bits: Bits): CodedColours | undefined {
  const hasAspectRatio = bits.flag();
  if (hasAspectRatio && bits.u(8) === 255) bits.skip(32);
  const hasOverscan = bits.flag();
  if (hasOverscan) bits.skip(1);
  const hasSignalType = bits.flag();
  if (!hasSignalType) return undefined;
  bits.skip(4);
  const hasColours = bits.flag();
  return hasColours ? { primaries: bits.u(8), transfer: bits.u(8) } : undefined;
}

function skipProfileTierLevel(bits: Bits, maxSubLayers: number): void {
  bits.skip(96);
  if (maxSubLayers === 0) return;
  const present = Array.from({ length: maxSubLayers }, () => [bits.flag(), bits.flag()] as const);
  bits.skip(2 * (8 - maxSubLayers));
  for (const [hasProfile, hasLevel] of present) bits.skip((hasProfile ? 88 : 0) + (hasLevel ? 8 : 0));
}

/** 7.3.4. */
function skipScalingLists(bits: Bits): void {
  for (let size = 0; size < 4; size++) {
    for (let matrix = 0; matrix < 6; matrix += size === 3 ? 3 : 1) {
      const isWritten = bits.flag();
      bits.skipUe(isWritten ? Math.min(64, 2 ** (4 + 2 * size)) + (size > 1 ? 1 : 0) : 1);
    }
  }
}

/** 7.3.7. */
function skipReferenceSets(bits: Bits): void {
  const sets = bits.ue();
  if (sets > 64) throw new RangeError('No sequence has so many');
  let pictures = 0;
  for (let set = 0; set < sets; set++) {
    const isPredicted = set > 0 && bits.flag();
    if (!isPredicted) {
      pictures = bits.ue() + bits.ue();
      for (let i = 0; i < pictures; i++) {
        bits.ue();
        bits.skip(1);
      }
      continue;
    }
    bits.skip(1);
    bits.ue();
    const before = pictures;
    pictures = 0;
    for (let i = 0; i <= before; i++) {
      const isUsed = bits.flag();
      if (isUsed || bits.flag()) pictures++;
    }
  }
}
