import { TagmillError } from '@tagmill/core';
import type { StoredTensor } from '@tagmill/mobilenet';
import { PROJECTION_WASM } from './projection-wasm.ts';

interface Exports {
  memory: WebAssembly.Memory;
  multiply(vector: number, vectorEnd: number, to: number, end: number): void;
}

/** The largest number of a row, of int8. */
const LARGEST_IN_ROW = 127;
/** The largest feature, of int16: the sum of 4,096 products of it with the largest of a row still fits into an int32. */
const LARGEST_FEATURE = 2 ** 12 - 1;
const MAX_CHANNELS = 4096;
const ROWS_AT_ONCE = 4;
const CHANNELS_AT_ONCE = 8;
const PAGE_BYTES = 2 ** 16;

let compiled: WebAssembly.Module | undefined;

/**
 * A matrix and an offset that take features into a space: offset + matrix x features. The matrix is kept as a byte a number, with a
 * scale for each row, and multiplied in WebAssembly. An inference leaves nothing in the processor's caches, so reading the matrix takes
 * longer than multiplying: as float32 it took three times as long.
 */
export class Projection {
  readonly channels: number;
  readonly #exports: Exports;
  readonly #vector: Int16Array;
  readonly #products: Int32Array;
  readonly #scales: Float32Array;
  readonly #offset: Float32Array;

  /**
   * @param matrix dimensions x channels.
   * @param offset one a dimension.
   */
  constructor({ stored, shape }: Pick<StoredTensor, 'stored' | 'shape'>, offset: Float32Array) {
    const [dimensions, channels] = shape as [number, number];
    if (channels > MAX_CHANNELS) {
      throw new TagmillError('invalid-model', `A projection takes at most ${MAX_CHANNELS} features, not ${channels}`);
    }
    compiled ??= new WebAssembly.Module(Buffer.from(PROJECTION_WASM, 'base64'));
    this.#exports = new WebAssembly.Instance(compiled).exports as unknown as Exports;
    const { memory } = this.#exports;
    // Filled up with zeros to what is computed at once.
    const height = ROWS_AT_ONCE * Math.ceil(dimensions / ROWS_AT_ONCE);
    const width = CHANNELS_AT_ONCE * Math.ceil(channels / CHANNELS_AT_ONCE);
    const vectorAt = height * width;
    const productsAt = vectorAt + width * Int16Array.BYTES_PER_ELEMENT;
    const end = productsAt + height * Int32Array.BYTES_PER_ELEMENT;
    memory.grow(Math.max(0, Math.ceil(end / PAGE_BYTES) - memory.buffer.byteLength / PAGE_BYTES));
    const matrix = new Int8Array(memory.buffer, 0, vectorAt);
    this.#scales = new Float32Array(dimensions);
    // Widened all at once: a cold start waits for this, and single numbers of float16 are slow to read.
    const numbers = new Float32Array(stored);
    for (let row = 0; row < dimensions; row++) {
      const rowStart = row * channels;
      const scale = largestOf(numbers.subarray(rowStart, rowStart + channels)) / LARGEST_IN_ROW;
      this.#scales[row] = scale;
      if (scale === 0) continue;
      // Where the row's numbers lie: see projection.wat.
      const inFour = row % ROWS_AT_ONCE;
      let at = (row - inFour) * width + inFour * CHANNELS_AT_ONCE;
      for (let eight = 0; eight < channels; eight += CHANNELS_AT_ONCE) {
        const end = Math.min(eight + CHANNELS_AT_ONCE, channels);
        for (let i = eight; i < end; i++) matrix[at + i - eight] = Math.round(numbers[rowStart + i]! / scale);
        at += ROWS_AT_ONCE * CHANNELS_AT_ONCE;
      }
    }
    this.#vector = new Int16Array(memory.buffer, vectorAt, width);
    this.#products = new Int32Array(memory.buffer, productsAt, height);
    this.#offset = offset;
    this.channels = channels;
  }

  /**
   * @param features as many as there are {@link channels}.
   * @returns one number a dimension.
   */
  apply(features: Float32Array): Float32Array {
    const largest = largestOf(features);
    const unit = largest > 0 ? LARGEST_FEATURE / largest : 0;
    for (let i = 0; i < features.length; i++) this.#vector[i] = Math.round(features[i]! * unit);
    const { byteOffset: from, byteLength: vectorBytes } = this.#vector;
    const { byteOffset: to, byteLength } = this.#products;
    this.#exports.multiply(from, from + vectorBytes, to, to + byteLength);
    const found = new Float32Array(this.#offset.length);
    const scale = largest / LARGEST_FEATURE;
    for (let row = 0; row < found.length; row++) {
      found[row] = this.#offset[row]! + this.#products[row]! * this.#scales[row]! * scale;
    }
    return found;
  }
}

/** The largest magnitude. */
function largestOf(numbers: { readonly length: number; readonly [index: number]: number }): number {
  let largest = 0;
  for (let i = 0; i < numbers.length; i++) largest = Math.max(largest, Math.abs(numbers[i]!));
  return largest;
}
