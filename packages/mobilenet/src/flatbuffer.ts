import { TagmillError } from '@tagmill/core';
import { ByteBuffer } from 'flatbuffers';

/** A table of a FlatBuffer, read field by field without generated code. A field that is not there has its default. */
export class FlatTable {
  readonly #buffer: ByteBuffer;
  readonly #position: number;

  private constructor(buffer: ByteBuffer, position: number) {
    this.#buffer = buffer;
    this.#position = position;
  }

  /**
   * The root table of a file.
   *
   * @throws {TagmillError} `invalid-model` if the file does not carry this identifier.
   */
  static root(bytes: Uint8Array, identifier: string): FlatTable {
    const buffer = new ByteBuffer(bytes);
    if (bytes.length < 8 || !buffer.__has_identifier(identifier)) {
      throw new TagmillError('invalid-model', `This is no model: it lacks the identifier ${identifier}`);
    }
    return new FlatTable(buffer, buffer.readInt32(0));
  }

  #offset(field: number): number {
    return this.#buffer.__offset(this.#position, 4 + 2 * field);
  }

  int8(field: number, fallback = 0): number {
    const offset = this.#offset(field);
    return offset ? this.#buffer.readInt8(this.#position + offset) : fallback;
  }

  int32(field: number, fallback = 0): number {
    const offset = this.#offset(field);
    return offset ? this.#buffer.readInt32(this.#position + offset) : fallback;
  }

  table(field: number): FlatTable | undefined {
    const offset = this.#offset(field);
    return offset ? new FlatTable(this.#buffer, this.#buffer.__indirect(this.#position + offset)) : undefined;
  }

  tables(field: number): FlatTable[] {
    return this.#vector(field, 4, (at) => new FlatTable(this.#buffer, this.#buffer.__indirect(at)));
  }

  int32s(field: number): number[] {
    return this.#vector(field, 4, (at) => this.#buffer.readInt32(at));
  }

  int64s(field: number): number[] {
    return this.#vector(field, 8, (at) => Number(this.#buffer.readInt64(at)));
  }

  float32s(field: number): number[] {
    return this.#vector(field, 4, (at) => this.#buffer.readFloat32(at));
  }

  /** A copy of a vector of bytes. */
  bytes(field: number): Uint8Array {
    const { start, length } = this.#vectorAt(field, 1);
    return this.#buffer.bytes().slice(start, start + length);
  }

  #vector<Element>(field: number, elementBytes: number, read: (at: number) => Element): Element[] {
    const { start, length } = this.#vectorAt(field, elementBytes);
    return Array.from({ length }, (_, i) => read(start + i * elementBytes));
  }

  #vectorAt(field: number, elementBytes: number): { start: number; length: number } {
    const offset = this.#offset(field);
    if (!offset) return { start: 0, length: 0 };
    const start = this.#buffer.__vector(this.#position + offset);
    const length = this.#buffer.__vector_len(this.#position + offset);
    if (length < 0 || start + length * elementBytes > this.#buffer.capacity()) {
      throw new TagmillError('invalid-model', 'A vector reaches beyond the end of the file');
    }
    return { start, length };
  }
}
