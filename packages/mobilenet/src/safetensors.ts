import { TagmillError } from '@tagmill/core';
import { z } from 'zod';

/** A tensor's shape and its elements, row by row. */
export interface TensorData {
  shape: readonly number[];
  data: Float32Array;
}

export type StoredType = 'F32' | 'F16' | 'I8';

const headerSchema = z.record(
  z.string(),
  z.object({
    dtype: z.enum(['F32', 'F16', 'I8']),
    shape: z.array(z.int().nonnegative()),
    data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
  }),
);

const ELEMENTS = { F32: Float32Array, F16: Float16Array, I8: Int8Array } as const;

/**
 * Reads a safetensors file (https://huggingface.co/docs/safetensors): eight bytes of header length, a JSON header, then
 * the tensors, little-endian.
 *
 * @returns the tensors by name, widened to float32.
 * @throws {TagmillError} `invalid-model` if it is not such a file or holds anything but F32, F16 and I8.
 */
export function readSafetensors(bytes: Uint8Array): Map<string, TensorData> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = bytes.length >= 8 ? Number(view.getBigUint64(0, true)) : Number.NaN;
  if (!(headerLength <= bytes.length - 8)) throw invalid('the header is longer than the file');
  const { __metadata__, ...header } = parseJson(bytes.subarray(8, 8 + headerLength));
  const parsed = headerSchema.safeParse(header);
  if (!parsed.success) throw invalid(`${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`);

  const body = bytes.subarray(8 + headerLength);
  return new Map(
    Object.entries(parsed.data).map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [start, end],
        },
      ]) => {
        const elements = shape.reduce((product, side) => product * side, 1);
        if (end > body.length || end - start !== elements * ELEMENTS[dtype].BYTES_PER_ELEMENT) {
          throw invalid(`${name}: its offsets don't fit its shape or the file`);
        }
        // A copy, since a view of elements must be aligned.
        const { buffer } = new Uint8Array(body.subarray(start, end));
        return [name, { shape, data: new Float32Array(new ELEMENTS[dtype](buffer)) }];
      },
    ),
  );
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
  const header: z.input<typeof headerSchema> = {};
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
