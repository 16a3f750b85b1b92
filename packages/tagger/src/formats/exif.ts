/** EXIF 2.32, 4.6.2: a TIFF, with a name before it where a JPEG holds it. */
export const EXIF_NAME = 'Exif\0\0';

/** A field as its directory has it; its value stands at `value`, or that says where it stands. */
export interface ExifField {
  type: number;
  count: number;
  value: number;
}

/**
 * Reads single fields of EXIF, and nothing else of it: 65 KB of EXIF whose five thousand fields all point at the same values cost a
 * reader that reads them all 25 seconds and a gigabyte. Its methods throw `RangeError` where it is cut off.
 */
export class Exif {
  readonly #tiff: Buffer;
  readonly #view: DataView;
  readonly #isLittleEndian: boolean;

  constructor(exif: Buffer) {
    this.#tiff = exif.toString('latin1', 0, EXIF_NAME.length) === EXIF_NAME ? exif.subarray(EXIF_NAME.length) : exif;
    this.#view = new DataView(this.#tiff.buffer, this.#tiff.byteOffset, this.#tiff.length);
    this.#isLittleEndian = this.#tiff.toString('latin1', 0, 2) === 'II';
  }

  /** Whether it begins as a TIFF does. */
  get isTiff(): boolean {
    return ['II*\0', 'MM\0*'].includes(this.#tiff.toString('latin1', 0, 4));
  }

  /** Where its first directory stands. */
  get firstDirectory(): number {
    return this.u32(4);
  }

  /** The fields of a directory that have a tag: one, if all is well. */
  fields(tag: number, directory: number): ExifField[] {
    const found: ExifField[] = [];
    for (let i = 0, count = this.u16(directory); i < count; i++) {
      const at = directory + 2 + i * 12;
      if (this.u16(at) === tag) found.push({ type: this.u16(at + 2), count: this.u32(at + 4), value: at + 8 });
    }
    return found;
  }

  u16(offset: number): number {
    return this.#view.getUint16(offset, this.#isLittleEndian);
  }

  u32(offset: number): number {
    return this.#view.getUint32(offset, this.#isLittleEndian);
  }

  /** Characters of a field that is too long to stand in its directory; none if there is no field. */
  text(field: ExifField | undefined, length: number): string {
    if (!field) return '';
    const from = this.u32(field.value);
    return this.#tiff.toString('latin1', from, from + length);
  }
}
