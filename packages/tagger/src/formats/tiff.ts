/** TIFF 6.0, section 2, and its 64-bit sister. Methods throw `RangeError` where the file is cut off. */

export interface TiffField {
  type: number;
  count: number;
  /** Where its value stands. */
  at: number;
}

export interface TiffDirectory {
  offset: number;
  fields: Map<number, TiffField>;
  /** Where the offset of the next directory stands, and that offset: 0 if it is the last. */
  nextAt: number;
  next: number;
}

export const TIFF_TAG = {
  newSubfileType: 254,
  subfileType: 255,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  samplesPerPixel: 277,
  subIfds: 330,
  extraSamples: 338,
  sampleFormat: 339,
  xmp: 700,
  iptc: 33_723,
  exif: 34_665,
  dngVersion: 50_706,
} as const;

/** Bytes of a value by its type. */
const TYPE_BYTES: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 7: 1, 13: 4, 16: 8, 18: 8 };

/** More of them are never asked for. */
const MAX_FIELDS = 4096;
const MAX_NUMBERS = 64;

export class Tiff {
  readonly #file: Buffer;
  readonly #view: DataView;
  readonly #isLittleEndian: boolean;
  readonly #isBig: boolean;

  constructor(file: Buffer) {
    this.#file = file;
    this.#view = new DataView(file.buffer, file.byteOffset, file.length);
    this.#isLittleEndian = file[0] === 0x49;
    this.#isBig = this.#u16(2) === 43;
  }

  get firstDirectory(): number {
    return this.#isBig ? this.#u64(8) : this.#u32(4);
  }

  directory(offset: number): TiffDirectory {
    const [countBytes, fieldBytes] = this.#isBig ? [8, 20] : [2, 12];
    const count = this.#isBig ? this.#u64(offset) : this.#u16(offset);
    if (count > MAX_FIELDS) throw new RangeError('A directory of more fields than any has');
    const fields = new Map<number, TiffField>();
    for (let i = 0; i < count; i++) {
      const at = offset + countBytes + i * fieldBytes;
      const type = this.#u16(at + 2);
      const values = this.#isBig ? this.#u64(at + 4) : this.#u32(at + 4);
      const valueAt = at + (this.#isBig ? 12 : 8);
      const isInside = values * (TYPE_BYTES[type] ?? 8) <= (this.#isBig ? 8 : 4);
      fields.set(this.#u16(at), { type, count: values, at: isInside ? valueAt : this.#offset(valueAt) });
    }
    const nextAt = offset + countBytes + count * fieldBytes;
    return { offset, fields, nextAt, next: this.#offset(nextAt) };
  }

  /** The whole numbers of a field, the first few of them; none if there is no such field. */
  numbers({ fields }: TiffDirectory, tag: number): number[] {
    const field = fields.get(tag);
    const bytes = field && TYPE_BYTES[field.type];
    if (!bytes) return [];
    const read = { 1: (at: number) => this.#file.readUInt8(at), 2: this.#u16, 4: this.#u32, 8: this.#u64 }[bytes]!;
    return Array.from({ length: Math.min(field.count, MAX_NUMBERS) }, (_, i) => read.call(this, field.at + i * bytes));
  }

  /** The bytes of a field, no more than the file has. */
  bytes({ fields }: TiffDirectory, tag: number): Buffer | undefined {
    const field = fields.get(tag);
    return field && this.#file.subarray(field.at, field.at + field.count * (TYPE_BYTES[field.type] ?? 0));
  }

  /** The same file, in which a directory is the first and the only one, and some of its short numbers are others. */
  withOnly(directory: TiffDirectory, numbers: Readonly<Record<number, number>> = {}): Buffer {
    if (directory.offset === this.firstDirectory && directory.next === 0 && Object.keys(numbers).length === 0) {
      return this.#file;
    }
    const copy = Buffer.from(this.#file);
    const offset = (at: number, value: number) => this.#write(copy, at, value, this.#isBig ? 8 : 4);
    offset(this.#isBig ? 8 : 4, directory.offset);
    offset(directory.nextAt, 0);
    for (const [tag, value] of Object.entries(numbers)) {
      const field = directory.fields.get(Number(tag));
      if (field) this.#write(copy, field.at, value, TYPE_BYTES[field.type] ?? 2);
    }
    return copy;
  }

  #write(file: Buffer, at: number, value: number, bytes: number): void {
    for (let i = 0; i < bytes; i++) {
      const byte = Math.floor(value / 256 ** i) % 256;
      file.writeUInt8(byte, this.#isLittleEndian ? at + i : at + bytes - 1 - i);
    }
  }

  #u16(offset: number): number {
    return this.#view.getUint16(offset, this.#isLittleEndian);
  }

  #u32(offset: number): number {
    return this.#view.getUint32(offset, this.#isLittleEndian);
  }

  #u64(offset: number): number {
    return Number(this.#view.getBigUint64(offset, this.#isLittleEndian));
  }

  #offset(at: number): number {
    return this.#isBig ? this.#u64(at) : this.#u32(at);
  }
}
