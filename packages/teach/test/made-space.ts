import { writeSafetensors } from '@tagmill/mobilenet';
import { seededRandom } from '../../../test/helpers/random.ts';
import { normalize } from '../src/vectors.ts';

export const DIMENSIONS = 16;

/** Numbers of a normal distribution (Box and Muller 1958), the same each time. */
export function normals(seed: number): () => number {
  const random = seededRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Embeddings of photos that show anything. */
export function background(count: number, seed = 1): Float32Array[] {
  const normal = normals(seed);
  return Array.from({ length: count }, () => normalize(Float32Array.from({ length: DIMENSIONS }, normal)));
}

/** Examples around one direction of the space: the larger `spread`, the less they have in common. */
export function examples(count: number, spread: number, { seed = 2, axis = 0 } = {}) {
  const normal = normals(seed);
  return Array.from({ length: count }, () => {
    const view = () =>
      normalize(Float32Array.from({ length: DIMENSIONS }, (_, i) => (i === axis ? 3 : 0) + spread * normal()));
    return { averaged: view(), centre: view() };
  });
}

/** An array of one row a vector, for a safetensors file. */
export function matrix(rows: readonly Float32Array[]) {
  return { shape: [rows.length, rows[0]!.length], data: Float32Array.from(rows.flatMap((row) => [...row])) };
}

/** A file of embeddings as models/training/embeddings.py writes it, for one variant of two features. */
export function spaceFile(metadata: Record<string, string>): Uint8Array {
  const tensors = new Map([
    ['0.5-96.projection', { shape: [2, 2], data: Float32Array.of(1, 0, 0, 2) }],
    ['0.5-96.offset', { shape: [2], data: Float32Array.of(1, -2) }],
    ['background', { shape: [2, 2], data: Float32Array.of(127, 0, -64, 127) }],
  ]);
  const bytes = writeSafetensors(tensors, (name) => (name === 'background' ? 'I8' : 'F16'));
  return withMetadata(bytes, metadata);
}

function withMetadata(file: Uint8Array, metadata: Record<string, string>): Uint8Array {
  const buffer = Buffer.from(file);
  const length = Number(buffer.readBigUInt64LE());
  const header = JSON.parse(buffer.subarray(8, 8 + length).toString('utf8'));
  const json = JSON.stringify({ __metadata__: metadata, ...header });
  const head = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(head.length));
  return Buffer.concat([size, head, buffer.subarray(8 + length)]);
}
