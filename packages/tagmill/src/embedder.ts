import { TagmillError, type Variant } from '@tagmill/core';
import { decode, type ImageLimits, inspect, SessionPool, type SessionPoolOptions } from '@tagmill/tagger';
import { type EmbeddingSpace, loadSpace } from '@tagmill/teach';
import { spaceFile } from '../../cli/src/models/taught-tags.ts';

export interface EmbedderOptions extends SessionPoolOptions {
  /** The first one that the family's space holds is used. */
  variants: readonly Variant[];
  limits: ImageLimits;
}

/** Places images in their family's space, where images that look alike lie close together. */
export class Embedder {
  readonly #space: EmbeddingSpace;
  readonly #variant: Variant;
  readonly #limits: ImageLimits;
  readonly #sessions: SessionPool;

  private constructor(space: EmbeddingSpace, variant: Variant, { limits, variants: _, ...options }: EmbedderOptions) {
    this.#space = space;
    this.#variant = variant;
    this.#limits = limits;
    this.#sessions = new SessionPool(options);
  }

  /** @throws {TagmillError} `not-found` if there is no space that holds one of the variants. */
  static async open(options: EmbedderOptions): Promise<Embedder> {
    const { family } = options.variants[0]!;
    const space = await loadSpace(family, spaceFile(family));
    const variant = options.variants.find((each) => space?.holds(each));
    if (space !== undefined && variant !== undefined) return new Embedder(space, variant, options);
    const names = options.variants.map((each) => each.variant).join(', ');
    throw new TagmillError('not-found', `There are no embeddings for ${names}`);
  }

  /**
   * The place of an image.
   *
   * @throws {InspectionError} if it can't be decoded.
   */
  async embed(bytes: Uint8Array): Promise<Float32Array> {
    const header = await inspect(bytes, this.#limits);
    const pixels = await decode(bytes, header, this.#variant.preprocessing);
    const { features } = await this.#sessions.inferFeatures(this.#variant, pixels);
    return this.#space.embed(this.#variant, features);
  }

  close(): Promise<void> {
    return this.#sessions.close();
  }
}
