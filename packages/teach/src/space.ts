import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import { TagmillError, type Variant } from '@tagmill/core';
import { readSafetensors, readSafetensorsMetadata, type StoredTensor } from '@tagmill/mobilenet';
import { Projection } from './projection.ts';
import { normalize } from './vectors.ts';

/** The tensor of the embeddings of photos that show anything. */
const BACKGROUND = 'background';

type Described = Pick<Variant, 'variant' | 'family' | 'sha256'>;

/**
 * A family's embeddings: each variant's features, projected into one space of a few dimensions and brought to length 1. What looks
 * alike lies close together, whichever variant looked at it.
 */
export class EmbeddingSpace {
  /** Names the space; other weights or another projection make another space. */
  readonly id: string;
  readonly dimensions: number;
  readonly #tensors: ReadonlyMap<string, StoredTensor>;
  readonly #weights: Readonly<Record<string, string>>;
  /** Of the variants that were embedded with: each image asks for one. */
  readonly #projections = new WeakMap<Described, Projection>();
  #background: Float32Array[] | undefined;

  /**
   * @param file a safetensors file, as models/training/embeddings.py writes it.
   * @throws {TagmillError} `invalid-model` if it is none.
   */
  constructor(family: string, file: Uint8Array) {
    this.#tensors = readSafetensors(file);
    this.#weights = readSafetensorsMetadata(file);
    this.dimensions = this.#tensor(BACKGROUND).shape[1]!;
    this.id = `${family}-${this.dimensions}-${createHash('sha256').update(file).digest('hex').slice(0, 12)}`;
  }

  /** Whether a variant's features can be projected into it: it has a projection, made of the weights that the variant has now. */
  holds(variant: Described): boolean {
    return this.#projections.has(variant) || this.#weights[readPoint(variant.variant)] === variant.sha256;
  }

  /**
   * The embedding of an image.
   *
   * @param features what the variant's classifier reads of it.
   * @returns {@link dimensions} numbers, of length 1 together.
   * @throws {TagmillError} `invalid-model` if the space doesn't hold the variant, or the features aren't its.
   */
  embed(variant: Described, features: Float32Array): Float32Array {
    const projection = this.#projections.get(variant) ?? this.#projectionOf(variant);
    if (features.length !== projection.channels) {
      throw new TagmillError(
        'invalid-model',
        `${variant.variant} has ${features.length} features, its projection takes ${projection.channels}`,
      );
    }
    return normalize(projection.apply(features));
  }

  /** Embeddings of photos that show anything, which examples are told from. */
  get background(): readonly Float32Array[] {
    this.#background ??= split(this.#tensor(BACKGROUND).data, this.dimensions).map(normalize);
    return this.#background;
  }

  #projectionOf(variant: Described): Projection {
    if (!this.holds(variant)) {
      throw new TagmillError(
        'invalid-model',
        `The embeddings of ${variant.family} were made of other weights than those of ${variant.variant}`,
      );
    }
    const point = readPoint(variant.variant);
    const made = new Projection(this.#tensor(`${point}.projection`), this.#tensor(`${point}.offset`).data);
    this.#projections.set(variant, made);
    return made;
  }

  #tensor(name: string): StoredTensor {
    const found = this.#tensors.get(name);
    if (!found) throw new TagmillError('invalid-model', `No tensor ${name} among the embeddings`);
    return found;
  }
}

/**
 * Reads a family's space.
 *
 * @returns undefined if the family has none.
 * @throws {TagmillError} `invalid-model` if its file can't be read.
 */
export async function loadSpace(family: string, file: string): Promise<EmbeddingSpace | undefined> {
  try {
    return new EmbeddingSpace(family, await fs.readFile(file));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (cause instanceof TagmillError) throw cause;
    throw new TagmillError('invalid-model', `Cannot read ${file}`, { cause });
  }
}

/** `0.5-128` of `everyday/0.5-128`. */
function readPoint(variant: string): string {
  return variant.slice(variant.indexOf('/') + 1);
}

function split(numbers: Float32Array, width: number): Float32Array[] {
  return Array.from({ length: numbers.length / width }, (_, row) => numbers.subarray(row * width, (row + 1) * width));
}
