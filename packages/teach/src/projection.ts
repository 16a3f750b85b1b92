import type { StoredTensor } from '@tagmill/mobilenet';
import { PROJECTION_WASM } from './projection-wasm.ts';

interface Exports {
  memory: WebAssembly.Memory;
  multiply(rows: number, rowBytes: number, vector: number, to: number, end: number): void;
}

const FLOAT = Float32Array.BYTES_PER_ELEMENT;
const PAGE = 2 ** 16;

let compiled: WebAssembly.Module | undefined;

/**
 * A matrix and an offset that take features into a space: offset + matrix x features. In WebAssembly, four numbers at a time: as plain
 * JavaScript it takes a tenth of what the smallest network does.
 */
export class Projection {
  readonly channels: number;
  readonly #exports: Exports;
  readonly #vector: Float32Array;
  readonly #products: Float32Array;
  readonly #offset: Float32Array;

  /**
   * @param matrix dimensions x channels.
   * @param offset one a dimension.
   */
  constructor({ stored, shape }: Pick<StoredTensor, 'stored' | 'shape'>, offset: Float32Array) {
    const [dimensions, channels] = shape as [number, number];
    compiled ??= new WebAssembly.Module(Buffer.from(PROJECTION_WASM, 'base64'));
    this.#exports = new WebAssembly.Instance(compiled).exports as unknown as Exports;
    const { memory } = this.#exports;
    // Filled up with zeros to the four that are computed at once.
    const [height, width] = [dimensions, channels].map((each) => 4 * Math.ceil(each / 4)) as [number, number];
    memory.grow(Math.ceil(((height * width + width + height) * FLOAT) / PAGE));
    const rows = new Float32Array(memory.buffer, 0, height * width);
    for (let row = 0; row < dimensions; row++) {
      rows.set(stored.subarray(row * channels, (row + 1) * channels), row * width);
    }
    this.#vector = new Float32Array(memory.buffer, rows.byteLength, width);
    this.#products = new Float32Array(memory.buffer, rows.byteLength + this.#vector.byteLength, height);
    this.#offset = offset;
    this.channels = channels;
  }

  /** @param features as many as there are {@link channels}. */
  apply(features: Float32Array): Float32Array {
    this.#vector.set(features);
    const { byteOffset: to, byteLength } = this.#products;
    this.#exports.multiply(0, this.#vector.byteLength, this.#vector.byteOffset, to, to + byteLength);
    return this.#offset.map((each, i) => each + this.#products[i]!);
  }
}
