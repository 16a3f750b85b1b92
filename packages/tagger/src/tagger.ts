import type { ImageFacts, ImageRecord, Label, ModelFacts, Timings, Variant } from '@tagmill/core';
import { decode, type Isolation } from './decode.ts';
import { factsOf, type ImageHeader, identityOf, inspect, knowing } from './inspect.ts';
import { isolated } from './isolated-decoder.ts';
import { DEFAULT_LIMITS, type ImageLimits } from './limits.ts';
import { scoresToTags, type TagOptions } from './scores.ts';
import { SessionPool, type SessionPoolOptions } from './sessions.ts';

export interface TaggerOptions extends SessionPoolOptions, Partial<TagOptions> {
  labels: (variant: Variant) => Promise<Label[]>;
  limits?: ImageLimits;
}

/** The part of a record that an image's bytes decide. */
export interface Tagging extends Pick<ImageRecord, 'tags' | 'broader'> {
  image: ImageFacts;
  outcome: 'tagged' | 'empty';
  model: ModelFacts;
  timings: Timings;
}

export const DEFAULT_TAG_OPTIONS: TagOptions = { topN: 5, minConfidence: 0.1, minBroaderConfidence: 0.3 };

/**
 * One image in, tags out.
 *
 * @example
 * const tagger = new Tagger({ onnx: (v) => catalogue.onnx(v), labels: (v) => catalogue.labels(v) });
 * await tagger.tag(await readFile('cat.jpg'), catalogue.find('everyday/0.5-128'));
 */
export class Tagger {
  readonly limits: ImageLimits;
  readonly #sessions: SessionPool;
  readonly #labels: TaggerOptions['labels'];
  readonly #labelSets = new Map<string, Promise<Label[]>>();
  readonly #tagOptions: TagOptions;

  constructor({ onnx, intraOpThreads, labels, limits = DEFAULT_LIMITS, ...tagOptions }: TaggerOptions) {
    this.limits = limits;
    this.#sessions = new SessionPool({ onnx, ...(intraOpThreads === undefined ? {} : { intraOpThreads }) });
    this.#labels = labels;
    this.#tagOptions = { ...DEFAULT_TAG_OPTIONS, ...tagOptions };
  }

  /**
   * Tags an image.
   *
   * @param choice the variant, or what chooses it once the header is read.
   * @throws {InspectionError} if the image can never be tagged: a code of `REJECT_REASONS`.
   * @throws {TagmillError} if the model can't be loaded or run.
   */
  async tag(
    bytes: Uint8Array,
    choice: Variant | ((header: ImageHeader) => Variant),
    isolation: Isolation = {},
  ): Promise<Tagging> {
    const start = performance.now();
    const header = await this.inspect(bytes, isolation);
    const variant = typeof choice === 'function' ? choice(header) : choice;
    const pixels = await this.decode(bytes, header, variant, isolation);
    const decoded = performance.now();
    const scores = await this.infer(pixels, variant);
    const inferred = performance.now();
    const found = await this.describe(scores, variant);
    return {
      image: factsOf(header),
      outcome: found.tags.length > 0 ? 'tagged' : 'empty',
      ...found,
      model: modelFacts(variant),
      timings: {
        decodeMs: milliseconds(start, decoded),
        inferMs: milliseconds(decoded, inferred),
        totalMs: milliseconds(start, performance.now()),
      },
    };
  }

  /** Loads a variant's model and labels ahead of its first image. */
  async preload(variant: Variant): Promise<void> {
    await Promise.all([this.#sessions.preload(variant), this.#labelSet(variant)]);
  }

  /** Reads the header: see {@link inspect}. */
  inspect(bytes: Uint8Array, { isIsolated = false }: Isolation = {}): Promise<ImageHeader> {
    const { limits } = this;
    return isIsolated ? knowing(identityOf(bytes), () => isolated({ bytes, limits })) : inspect(bytes, limits);
  }

  /** Makes the variant's input of an image: see {@link decode}. */
  decode(bytes: Uint8Array, header: ImageHeader, variant: Variant, isolation: Isolation = {}): Promise<Uint8Array> {
    return decode(bytes, header, variant.preprocessing, isolation);
  }

  /** Runs the variant: see {@link SessionPool.infer}. */
  infer(pixels: Uint8Array, variant: Variant): Promise<Float32Array> {
    return this.#sessions.infer(variant, pixels);
  }

  /** Names what the scores say: see {@link scoresToTags}. */
  async describe(scores: Float32Array, variant: Variant): Promise<Pick<Tagging, 'tags' | 'broader'>> {
    return scoresToTags(scores, await this.#labelSet(variant), this.#tagOptions);
  }

  /** Frees the sessions. */
  close(): Promise<void> {
    return this.#sessions.close();
  }

  #labelSet(variant: Variant): Promise<Label[]> {
    const known = this.#labelSets.get(variant.labels);
    if (known) return known;
    const read = this.#labels(variant).catch((error) => {
      this.#labelSets.delete(variant.labels);
      throw error;
    });
    this.#labelSets.set(variant.labels, read);
    return read;
  }
}

function modelFacts({ variant, family, alpha, resolution, precision, sha256 }: Variant): ModelFacts {
  return { variant, family, alpha, resolution, precision, sha256 };
}

/** To a hundredth of a millisecond. */
function milliseconds(from: number, to: number): number {
  return Math.round((to - from) * 100) / 100;
}
