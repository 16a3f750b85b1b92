import { TagmillError } from '@tagmill/core';

/** A tensor's shape and its elements, row by row. */
export interface TensorData {
  shape: readonly number[];
  data: Float32Array;
}

/** A tensor of a file. */
export interface StoredTensor extends TensorData {
  /** The elements as they are stored; `data` are the same, widened to float32. Either is read when it is first asked for. */
  stored: Float32Array | Float16Array | Int8Array;
}

export type StoredType = 'F32' | 'F16' | 'I8';

/** What the header says of a tensor. */
interface HeaderEntry {
  dtype: StoredType;
  shape: number[];
  data_offsets: [start: number, end: number];
}

const ELEMENTS = { F32: Float32Array, F16: Float16Array, I8: Int8Array } as const;

/**
 * Reads a safetensors file (https://huggingface.co/docs/safetensors): eight bytes of header length, a JSON header, then
 * the tensors, little-endian.
 *
 * @returns the tensors by name.
 * @throws {TagmillError} `invalid-model` if it is not such a file or holds anything but F32, F16 and I8.
 */
export function readSafetensors(bytes: Uint8Array): Map<string, StoredTensor> {
  const {
    header: { __metadata__, ...header },
    body,
  } = readHeader(bytes);
  return new Map(Object.entries(header).map(([name, entry]) => [name, readTensor(body, name, entry)]));
}

/**
 * What a safetensors file says of itself: texts by name; none if it says nothing.
 *
 * @throws {TagmillError} `invalid-model` if it is not such a file.
 */
export function readSafetensorsMetadata(bytes: Uint8Array): Record<string, string> {
  const { header } = readHeader(bytes);
  return (header.__metadata__ ?? {}) as Record<string, string>;
}

/** The JSON header, and what follows it. */
function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; body: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = bytes.length >= 8 ? Number(view.getBigUint64(0, true)) : Number.NaN;
  if (!(headerLength <= bytes.length - 8)) throw invalid('the header is longer than the file');
  return { header: parseJson(bytes.subarray(8, 8 + headerLength)), body: bytes.subarray(8 + headerLength) };
}

/** A network needs a part of its file. */
function readTensor(body: Uint8Array, name: string, entry: unknown): StoredTensor {
  assertEntry(name, entry);
  const {
    dtype,
    shape,
    data_offsets: [start, end],
  } = entry;
  const Stored = ELEMENTS[dtype];
  const elements = shape.reduce((product, side) => product * side, 1);
  if (end > body.length || end - start !== elements * Stored.BYTES_PER_ELEMENT) {
    throw invalid(`${name}: its offsets don't fit its shape or the file`);
  }
  let stored: StoredTensor['stored'] | undefined;
  let data: Float32Array | undefined;
  return {
    shape,
    get stored() {
      stored ??= view(Stored, body.subarray(start, end));
      return stored;
    },
    get data() {
      data ??= new Float32Array(this.stored);
      return data;
    },
  };
}

/** A tensor's elements where they are, or of a copy if they aren't aligned there. */
function view(Stored: (typeof ELEMENTS)[StoredType], bytes: Uint8Array): StoredTensor['stored'] {
  const isAligned = bytes.byteOffset % Stored.BYTES_PER_ELEMENT === 0;
  const { buffer, byteOffset } = isAligned ? bytes : new Uint8Array(bytes);
  return new Stored(buffer as ArrayBuffer, byteOffset, bytes.length / Stored.BYTES_PER_ELEMENT);
}

/** By hand: a file has hundreds of tensors, and a cold start waits for them. */
function assertEntry(name: string, entry: unknown): asserts entry is HeaderEntry {
  const { dtype, shape, data_offsets } = (entry ?? {}) as Record<keyof HeaderEntry, unknown>;
  if (typeof dtype !== 'string' || !Object.hasOwn(ELEMENTS, dtype)) {
    throw invalid(`${name}: its dtype is none of ${Object.keys(ELEMENTS).join(', ')}`);
  }
  if (!isCounts(shape)) throw invalid(`${name}: its shape is no list of sizes`);
  if (!isCounts(data_offsets) || data_offsets.length !== 2)
    throw invalid(`${name}: its data_offsets are no two offsets`);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((each) => Number.isSafeInteger(each) && each >= 0);
}

/**
 * Writes a safetensors file.
 *
 * @param typeOf how each tensor is stored; as I8, its elements are whole numbers from -128 to 127.
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, TensorData>,
  typeOf: (name: string) => StoredType,
): Uint8Array {
  const header: Record<string, HeaderEntry> = {};
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    const dtype = typeOf(name);
    const stored = dtype === 'F32' ? data : new ELEMENTS[dtype](data);
    const part = new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
    header[name] = { dtype, shape: [...shape], data_offsets: [offset, offset + part.length] };
    offset += part.length;
    parts.push(part);
  }
  // Padded with spaces to eight bytes, as the format asks.
  const json = JSON.stringify(header);
  const head = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(head.length));
  return Buffer.concat([length, head, ...parts]);
}

function parseJson(bytes: Uint8Array): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    if (typeof json === 'object' && json !== null) return json as Record<string, unknown>;
  } catch {
    // Said below, with what is not an object.
  }
  throw invalid('its header is no JSON object');
}

function invalid(message: string): TagmillError {
  return new TagmillError('invalid-model', `Not a usable safetensors file: ${message}`);
}
