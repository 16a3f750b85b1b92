export interface TiffOptions {
  width: number;
  height: number;
  samples: Uint8Array | Uint16Array | Uint32Array | Float32Array | Int16Array;
  /** Samples of a pixel. */
  channels: number;
  /** Values of more fields, or of others than these need. */
  fields?: Readonly<Record<number, readonly number[]>>;
}

const SAMPLE_FORMATS = new Map<unknown, number>([
  [Float32Array, 3],
  [Int16Array, 2],
]);

/** Writes a TIFF (6.0) of one strip a picture, the pictures in a chain of directories. */
export function writeTiff(
  pictures: readonly TiffOptions[],
  firstFields: Readonly<Record<number, readonly number[]>> = {},
): Buffer {
  const parts: Buffer[] = [Buffer.from('II*\0\0\0\0\0', 'latin1')];
  let length = 8;
  let pointerAt = 4;
  const add = (part: Buffer) => {
    const at = length;
    parts.push(part);
    length += part.length;
    return at;
  };
  const patches: [at: number, value: number][] = [];
  for (const [i, { width, height, samples, channels, fields = {} }] of pictures.entries()) {
    const data = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
    const strip = add(Buffer.concat([data, Buffer.alloc(data.length % 2)]));
    const values: Record<number, readonly number[]> = {
      256: [width],
      257: [height],
      258: Array(channels).fill(samples.BYTES_PER_ELEMENT * 8),
      259: [1],
      262: [channels < 3 ? 1 : 2],
      273: [strip],
      277: [channels],
      278: [height],
      279: [data.length],
      339: Array(channels).fill(SAMPLE_FORMATS.get(samples.constructor) ?? 1),
      ...(i === 0 ? firstFields : {}),
      ...fields,
    };
    const entries = Object.entries(values);
    const directory = Buffer.alloc(2 + entries.length * 12 + 4);
    directory.writeUInt16LE(entries.length);
    for (const [index, [tag, numbers]] of entries.entries()) {
      const at = 2 + index * 12;
      const content = Buffer.concat(numbers.map(u32));
      directory.writeUInt16LE(Number(tag), at);
      directory.writeUInt16LE(4, at + 2);
      directory.writeUInt32LE(numbers.length, at + 4);
      directory.writeUInt32LE(numbers.length === 1 ? numbers[0]! : add(content), at + 8);
    }
    patches.push([pointerAt, length]);
    pointerAt = length + directory.length - 4;
    add(directory);
  }
  const file = Buffer.concat(parts);
  for (const [at, value] of patches) file.writeUInt32LE(value, at);
  return file;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
