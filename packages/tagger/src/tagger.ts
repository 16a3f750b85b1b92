import {
  type ImageFacts,
  type ImageRecord,
  type ImageScores,
  type Label,
  type ModelFacts,
  TagmillError,
  type Timings,
  type Variant,
} from '@tagmill/core';
import type { Rules } from '@tagmill/rules';
import { type NamedLabels, NO_RULES, nameLabels } from '@tagmill/rules/name-labels';
import { CROPS, decodeCrops } from './crops.ts';
import { decode, type Isolation } from './decode.ts';
import { factsOf, type ImageHeader, identityOf, inspect, knowing } from './inspect.ts';
import { isolated } from './isolated-decoder.ts';
import { DEFAULT_LIMITS, type ImageLimits } from './limits.ts';
import { bytesToScores, scoresToBytes } from './score-bytes.ts';
import { scoresToTags, type TagOptions } from './scores.ts';
import { SessionPool, type SessionPoolOptions } from './sessions.ts';

/** Tags less sure than this are left out; `sure`: less sure than the variant's own threshold, its `sureFrom`. */
export type MinConfidence = number | 'sure';

export interface TaggerOptions extends SessionPoolOptions, Partial<Omit<TagOptions, 'minConfidence'>> {
  minConfidence?: MinConfidence;
  labels: (variant: Pick<Variant, 'labels'>) => Promise<Label[]>;
  limits?: ImageLimits;
  /** How many parts of an image are looked at; the highest score of each label counts. */
  crops?: 1 | typeof CROPS;
}

/** What scores are called by rules. */
export interface NamedTags extends Pick<ImageRecord, 'tags' | 'broader'> {
  outcome: 'tagged' | 'empty';
}

/** The part of a record that an image's bytes decide. */
export interface Tagging extends NamedTags {
  image: ImageFacts;
  /** To name it anew. */
  scores: ImageScores;
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
  readonly #labelSets = new WeakMap<Rules, Map<string, Promise<NamedLabels>>>();
  readonly #minConfidence: MinConfidence;
  readonly #tagOptions: Pick<TagOptions, 'topN' | 'minBroaderConfidence'>;
  readonly #crops: 1 | typeof CROPS;

  constructor({ onnx, intraOpThreads, labels, limits = DEFAULT_LIMITS, crops = 1, ...tagOptions }: TaggerOptions) {
    const { minConfidence, ...rest } = { ...DEFAULT_TAG_OPTIONS, ...tagOptions };
    this.limits = limits;
    this.#crops = crops;
    this.#sessions = new SessionPool({ onnx, ...(intraOpThreads === undefined ? {} : { intraOpThreads }) });
    this.#labels = labels;
    this.#minConfidence = minConfidence;
    this.#tagOptions = rest;
  }

  /**
   * Tags an image.
   *
   * @param choice the variant, or what chooses it once the header is read.
   * @param options.rules that name its tags.
   * @throws {InspectionError} if the image can never be tagged: a code of `REJECT_REASONS`.
   * @throws {TagmillError} if the model can't be loaded or run.
   */
  async tag(
    bytes: Uint8Array,
    choice: Variant | ((header: ImageHeader) => Variant),
    { rules = NO_RULES, ...isolation }: Isolation & { rules?: Rules } = {},
  ): Promise<Tagging> {
    const start = performance.now();
    const header = await this.inspect(bytes, isolation);
    const variant = typeof choice === 'function' ? choice(header) : choice;
    const pixels = await this.decode(bytes, header, variant, isolation);
    const decoded = performance.now();
    const probabilities = await this.infer(pixels, variant);
    const inferred = performance.now();
    // Named by what is kept, so that naming it anew gives the same.
    const minConfidence = this.leastConfidence(variant);
    const bytesOfScores = scoresToBytes(probabilities);
    const scores = { labelSet: variant.labels, bytes: bytesOfScores, minConfidence, ...this.#tagOptions };
    return {
      image: factsOf(header),
      ...nameScores(scores, await this.#namedLabels(variant, rules), rules),
      scores,
      model: modelFacts(variant),
      timings: {
        decodeMs: milliseconds(start, decoded),
        inferMs: milliseconds(decoded, inferred),
        totalMs: milliseconds(start, performance.now()),
      },
    };
  }

  /**
   * Loads a variant's model and labels ahead of its first image.
   *
   * @throws {TagmillError} `invalid-argument` if its tags are to be sure ones, and nobody has measured which are.
   */
  async preload(variant: Variant): Promise<void> {
    this.leastConfidence(variant);
    await Promise.all([this.#sessions.preload(variant), this.#namedLabels(variant, NO_RULES)]);
  }

  /** Whether a variant's model is loaded. */
  isLoaded(variant: Pick<Variant, 'variant'>): boolean {
    return this.#sessions.isLoaded(variant);
  }

  /** Reads the header: see {@link inspect}. */
  inspect(bytes: Uint8Array, { isIsolated = false }: Isolation = {}): Promise<ImageHeader> {
    const { limits } = this;
    return isIsolated ? knowing(identityOf(bytes), () => isolated({ bytes, limits })) : inspect(bytes, limits);
  }

  /** Makes the variant's input of an image, crop after crop: see {@link decode} and {@link decodeCrops}. */
  decode(bytes: Uint8Array, header: ImageHeader, variant: Variant, isolation: Isolation = {}): Promise<Uint8Array> {
    return (this.#crops === 1 ? decode : decodeCrops)(bytes, header, variant.preprocessing, isolation);
  }

  /**
   * Runs the variant on what {@link decode} made: see {@link SessionPool.infer}.
   *
   * @returns one score a class, crop after crop.
   */
  infer(pixels: Uint8Array, variant: Variant): Promise<Float32Array> {
    return this.#sessions.infer(variant, pixels, this.#crops);
  }

  /**
   * Names what was found before by other rules, without the image.
   *
   * @returns undefined if its labels aren't the ones that the label set has now.
   * @throws {TagmillError} `invalid-catalogue` if there is no such label set.
   */
  async rename(scores: ImageScores, rules: Rules): Promise<NamedTags | undefined> {
    const named = await this.#namedLabels({ labels: scores.labelSet }, rules);
    const isWhole = [1, CROPS].some((crops) => scores.bytes.length === crops * named.labels.length);
    return isWhole ? nameScores(scores, named, rules) : undefined;
  }

  /** Frees the sessions. */
  close(): Promise<void> {
    return this.#sessions.close();
  }

  /**
   * Below this confidence, nothing that a variant finds is a tag.
   *
   * @throws {TagmillError} `invalid-argument` if its tags are to be sure ones, and nobody has measured which are.
   */
  leastConfidence({ variant, sureFrom }: Pick<Variant, 'variant' | 'sureFrom'>): number {
    if (this.#minConfidence !== 'sure') return this.#minConfidence;
    if (sureFrom !== undefined) return sureFrom;
    throw new TagmillError('invalid-argument', `Nobody has measured when ${variant} is sure: give a number instead`);
  }

  #namedLabels(variant: Pick<Variant, 'labels'>, rules: Rules): Promise<NamedLabels> {
    const labelSets = this.#labelSets.get(rules) ?? new Map<string, Promise<NamedLabels>>();
    this.#labelSets.set(rules, labelSets);
    const known = labelSets.get(variant.labels);
    if (known) return known;
    const read = this.#labels(variant).then(
      (labels) => nameLabels(labels, rules),
      (error) => {
        labelSets.delete(variant.labels);
        throw error;
      },
    );
    labelSets.set(variant.labels, read);
    return read;
  }
}

/** What kept scores are called by rules: see {@link scoresToTags}. */
export function nameScores(
  { bytes, topN, ...options }: ImageScores,
  { labels, thresholds }: NamedLabels,
  { minConfidence = options.minConfidence, minBroaderConfidence = options.minBroaderConfidence }: Rules,
): NamedTags {
  const found = scoresToTags(bytesToScores(bytes), labels, { topN, minConfidence, minBroaderConfidence, thresholds });
  return { outcome: found.tags.length > 0 ? 'tagged' : 'empty', ...found };
}

function modelFacts({ variant, family, alpha, resolution, precision, sha256 }: Variant): ModelFacts {
  return { variant, family, alpha, resolution, precision, sha256 };
}

/** To a hundredth of a millisecond. */
function milliseconds(from: number, to: number): number {
  return Math.round((to - from) * 100) / 100;
}
