/** Field numbers' wire types: https://protobuf.dev/programming-guides/encoding/#structure */
const VARINT = 0;
const LENGTH_DELIMITED = 2;

/**
 * A message in protobuf's wire format as it is being put together. By hand, for two reasons: nobody copies a large tensor more than once,
 * and a cold start needs little code: protobufjs takes longer to get ready than this to write a network.
 *
 * @example
 * new Message().string(2, 'tagmill').int(1, 8).finish()
 */
export class Message {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  /** A whole number that isn't negative. */
  int(field: number, value: number): this {
    return this.#add(varints((field << 3) | VARINT, value));
  }

  /** Whole numbers, none negative, packed; left out if there are none. */
  ints(field: number, values: readonly number[]): this {
    return values.length === 0 ? this : this.bytes(field, varints(...values));
  }

  string(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value));
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#add(varints((field << 3) | LENGTH_DELIMITED, value.length)).#add(value);
  }

  message(field: number, value: Message): this {
    this.#add(varints((field << 3) | LENGTH_DELIMITED, value.#length));
    for (const part of value.#parts) this.#add(part);
    return this;
  }

  messages(field: number, values: readonly Message[]): this {
    for (const value of values) this.message(field, value);
    return this;
  }

  strings(field: number, values: readonly string[]): this {
    for (const value of values) this.string(field, value);
    return this;
  }

  finish(): Uint8Array {
    return Buffer.concat(this.#parts, this.#length);
  }

  #add(part: Uint8Array): this {
    this.#parts.push(part);
    this.#length += part.length;
    return this;
  }
}

/** Seven bits a byte, the lowest first; the highest bit says that more follow. */
function varints(...values: readonly number[]): Uint8Array {
  const bytes: number[] = [];
  for (const value of values) {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
    bytes.push(rest);
  }
  return new Uint8Array(bytes);
}
