import { TagmillError } from '@tagmill/core';
import { NEAREST_WASM } from './nearest-wasm.ts';

interface Exports {
  memory: WebAssembly.Memory;
  multiply(rows: number, rowBytes: number, vector: number, to: number, end: number): void;
}

/** One of the images that are nearest to another. */
export interface Neighbour {
  /** The position at which it was added. */
  index: number;
  /** Cosine of the two embeddings. */
  likeness: number;
}

const PAGE_BYTES = 2 ** 16;
/** Numbers that are multiplied at once. */
const NUMBERS_AT_ONCE = 16;
/** Products that are written before they are ranked: they stay in the processor's cache. */
const ROWS_AT_ONCE = 4096;

/**
 * Packed embeddings of one space, side by side in memory, and those of them that are nearest to one: exactly, by comparing it with each.
 * A million embeddings of 128 dimensions take 132 MB.
 */
export class NearestSearch {
  readonly #exports: Exports;
  readonly #dimensions: number;
  readonly #rowBytes: number;
  readonly #productsAt: number;
  readonly #rowsAt: number;
  /** All of the memory. */
  #bytes: Int8Array;
  #inverseLengths = new Float32Array(1024);
  #count = 0;

  constructor(dimensions: number) {
    const module = new WebAssembly.Module(Buffer.from(NEAREST_WASM, 'base64'));
    this.#exports = new WebAssembly.Instance(module).exports as unknown as Exports;
    this.#dimensions = dimensions;
    this.#rowBytes = NUMBERS_AT_ONCE * Math.ceil(dimensions / NUMBERS_AT_ONCE);
    // First the vector that is asked with, then the products, then the embeddings.
    this.#productsAt = this.#rowBytes * Int16Array.BYTES_PER_ELEMENT;
    this.#rowsAt = this.#productsAt + ROWS_AT_ONCE * Int32Array.BYTES_PER_ELEMENT;
    this.#bytes = new Int8Array(this.#exports.memory.buffer);
    this.#reserve(this.#rowsAt);
  }

  /** How many embeddings were added, the forgotten ones among them. */
  get size(): number {
    return this.#count;
  }

  /**
   * Adds an embedding; {@link Neighbour.index} counts from 0 on.
   *
   * @throws {TagmillError} `invalid-argument` if it has another number of dimensions.
   */
  add(embedding: Int8Array): void {
    this.#assertFits(embedding);
    this.#reserve(this.#rowsAt + (this.#count + 1) * this.#rowBytes);
    if (this.#count === this.#inverseLengths.length) {
      const longer = new Float32Array(2 * this.#count);
      longer.set(this.#inverseLengths);
      this.#inverseLengths = longer;
    }
    this.replace(this.#count++, embedding);
  }

  /**
   * Puts an embedding in another's place.
   *
   * @throws {TagmillError} `invalid-argument` if it has another number of dimensions.
   */
  replace(index: number, embedding: Int8Array): void {
    this.#assertFits(embedding);
    const at = this.#rowsAt + index * this.#rowBytes;
    this.#bytes.set(embedding, at);
    this.#inverseLengths[index] = inverseLength(embedding);
  }

  /** Has an embedding found no more, until another is put in its place. */
  forget(index: number): void {
    this.#inverseLengths[index] = Number.NaN;
  }

  /**
   * The most alike embeddings, the most alike first; of equals, the one that was added first.
   *
   * @throws {TagmillError} `invalid-argument` if `embedding` has another number of dimensions.
   */
  nearest(embedding: Int8Array, limit: number): Neighbour[] {
    this.#assertFits(embedding);
    const { memory, multiply } = this.#exports;
    const vector = new Int16Array(memory.buffer, 0, this.#rowBytes);
    vector.fill(0);
    vector.set(embedding);
    const products = new Int32Array(memory.buffer, this.#productsAt, ROWS_AT_ONCE);
    const own = inverseLength(embedding);
    const found: Neighbour[] = [];
    let least = Number.NEGATIVE_INFINITY;
    for (let start = 0; start < this.#count; start += ROWS_AT_ONCE) {
      const rows = Math.min(ROWS_AT_ONCE, this.#count - start);
      const to = this.#productsAt;
      multiply(this.#rowsAt + start * this.#rowBytes, this.#rowBytes, 0, to, to + rows * Int32Array.BYTES_PER_ELEMENT);
      for (let row = 0; row < rows; row++) {
        const likeness = products[row]! * own * this.#inverseLengths[start + row]!;
        // So the forgotten, which are NaN, are passed over.
        if (!(likeness > least)) continue;
        insert(found, { index: start + row, likeness }, limit);
        if (found.length === limit) least = found.at(-1)!.likeness;
      }
    }
    return found;
  }

  #assertFits({ length }: Int8Array): void {
    if (length === this.#dimensions) return;
    throw new TagmillError('invalid-argument', `An embedding of ${length} numbers among those of ${this.#dimensions}`);
  }

  /** Grows by half at least: growing copies nothing, but has the views made anew. */
  #reserve(bytes: number): void {
    const { memory } = this.#exports;
    const has = memory.buffer.byteLength;
    if (bytes <= has) return;
    memory.grow(Math.ceil((Math.max(bytes, 1.5 * has) - has) / PAGE_BYTES));
    this.#bytes = new Int8Array(memory.buffer);
  }
}

/** Keeps the list in order and no longer than the limit. Few get here: only those better than the worst of it. */
function insert(found: Neighbour[], neighbour: Neighbour, limit: number): void {
  let at = found.length;
  while (at > 0 && found[at - 1]!.likeness < neighbour.likeness) at--;
  found.splice(at, 0, neighbour);
  if (found.length > limit) found.pop();
}

/** 0 of an embedding of zeros, which is like nothing. */
function inverseLength(embedding: Int8Array): number {
  let squares = 0;
  for (let i = 0; i < embedding.length; i++) squares += embedding[i]! ** 2;
  return squares === 0 ? 0 : 1 / Math.sqrt(squares);
}
