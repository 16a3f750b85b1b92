import {
  type Fingerprint,
  type ImageFacts,
  type ImageRecord,
  type ImageScores,
  type Label,
  type MinConfidence,
  type ModelFacts,
  TagmillError,
  type Thresholds,
  type Timings,
  UNMEASURED_TAG_OPTIONS,
  type Variant,
} from '@tagmill/core';
import type { Rules } from '@tagmill/rules';
import { type LeastConfidence, type NamedLabels, NO_RULES, nameLabels } from '@tagmill/rules/name-labels';
import { decode, type Isolation } from './decode.ts';
import { type Embedder, type Embedding, makeFingerprint } from './fingerprint/fingerprint.ts';
import { SessionPool, type SessionPoolOptions } from './inference/sessions.ts';
import { attachFacts, type ImageHeader, identify, inspect, pickFacts } from './inspect.ts';
import { runIsolated } from './isolation/isolated-decoder.ts';
import { DEFAULT_LIMITS, type ImageLimits } from './limits.ts';
import { CROPS, decodeCrops } from './pixels/crops.ts';
import { bytesToScores, scoresToBytes } from './tags/score-bytes.ts';
import { scoresToTags } from './tags/scores.ts';
import { addTaught, surestOfCrops, type TaughtScore, type TaughtTags } from './tags/taught.ts';

export interface TaggerOptions extends SessionPoolOptions {
  /** At most so many tags, and so many broader ones. */
  topN?: number;
  minConfidence?: MinConfidence;
  labels: (variant: Pick<Variant, 'labels'>) => Promise<Label[]>;
  /**
   * When a variant's tags are worth showing; undefined where nobody has measured it, and for all variants if absent. Throws
   * `unknown-variant` where there is none of that name.
   */
  thresholds?: (variant: string) => Promise<Thresholds | undefined>;
  limits?: ImageLimits;
  /** How many parts of an image are looked at; the highest score of each label counts. */
  crops?: 1 | typeof CROPS;
  /** Tags that a person taught, beside the labels. */
  taught?: TaughtTags;
  /** Has fingerprints made; with embeddings where `embedder` holds the variant. */
  fingerprints?: { embedder?: Embedder | undefined };
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
  /** If the tagger makes them. */
  fingerprint?: Fingerprint;
  model: ModelFacts;
  timings: Timings;
}

export const DEFAULT_TAG_OPTIONS = { topN: 5, minConfidence: 'default' } as const;

/** What a variant says of an image. */
interface Inferred {
  probabilities: Float32Array;
  taught: TaughtScore[];
  /** Of the first crop. */
  embedding?: Embedding;
}

/** A label set as rules have it, with the thresholds that count. */
type Naming = NamedLabels & Pick<Thresholds, 'broader'>;

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
  readonly #thresholds: NonNullable<TaggerOptions['thresholds']>;
  readonly #namings = new WeakMap<Rules, Map<string, Promise<Naming>>>();
  readonly #tagOptions: Pick<ImageScores, 'topN' | 'minConfidence'>;
  readonly #crops: 1 | typeof CROPS;
  readonly #taught: TaughtTags | undefined;
  readonly #fingerprints: TaggerOptions['fingerprints'];

  constructor({ onnx, intraOpThreads, labels, limits = DEFAULT_LIMITS, crops = 1, ...others }: TaggerOptions) {
    const { taught, fingerprints, ...options } = others;
    const { thresholds = async () => undefined, ...tagOptions } = options;
    this.limits = limits;
    this.#crops = crops;
    this.#taught = taught;
    this.#fingerprints = fingerprints;
    this.#sessions = new SessionPool({ onnx, ...(intraOpThreads === undefined ? {} : { intraOpThreads }) });
    this.#labels = labels;
    this.#thresholds = thresholds;
    this.#tagOptions = { ...DEFAULT_TAG_OPTIONS, ...tagOptions };
  }

  /**
   * Tags an image.
   *
   * @param choice the variant, or what chooses it once the header is read, or declines the image.
   * @param options.rules that name its tags.
   * @returns undefined if the image was declined.
   * @throws {InspectionError} if the image can never be tagged: a code of `REJECT_REASONS`.
   * @throws {TagmillError} if the model can't be loaded or run.
   */
  tag(
    bytes: Uint8Array,
    choice: Variant | ((header: ImageHeader) => Variant),
    options?: Isolation & { rules?: Rules },
  ): Promise<Tagging>;
  tag(
    bytes: Uint8Array,
    choice: (header: ImageHeader) => Variant | undefined,
    options?: Isolation & { rules?: Rules },
  ): Promise<Tagging | undefined>;
  async tag(
    bytes: Uint8Array,
    choice: Variant | ((header: ImageHeader) => Variant | undefined),
    { rules = NO_RULES, ...isolation }: Isolation & { rules?: Rules } = {},
  ): Promise<Tagging | undefined> {
    const start = performance.now();
    const header = await this.inspect(bytes, isolation);
    const variant = typeof choice === 'function' ? choice(header) : choice;
    if (!variant) return undefined;
    const pixels = await this.decode(bytes, header, variant, isolation);
    const decoded = performance.now();
    const { probabilities, taught, embedding } = await this.#inferAll(pixels, variant);
    const inferred = performance.now();
    // Named by what is kept, so that naming it anew gives the same.
    const about = this.#scoresOf(variant);
    const scores = { ...about, bytes: scoresToBytes(probabilities) };
    return {
      image: pickFacts(header),
      ...addTaught(nameScores(scores, await this.#naming(about, rules), rules), taught, this.#tagOptions),
      scores,
      ...(this.#fingerprints && {
        fingerprint: makeFingerprint(pixels, variant.preprocessing.inputSize, embedding),
      }),
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
    await Promise.all([this.#sessions.preload(variant), this.#naming(this.#scoresOf(variant), NO_RULES)]);
  }

  /** Whether a variant's model is loaded. */
  isLoaded(variant: Pick<Variant, 'variant'>): boolean {
    return this.#sessions.isLoaded(variant);
  }

  /** Reads the header: see {@link inspect}. */
  inspect(bytes: Uint8Array, { isIsolated = false }: Isolation = {}): Promise<ImageHeader> {
    const { limits } = this;
    return isIsolated ? attachFacts(identify(bytes), () => runIsolated({ bytes, limits })) : inspect(bytes, limits);
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

  /** Runs the variant, and what reads its features. */
  async #inferAll(pixels: Uint8Array, variant: Variant): Promise<Inferred> {
    const tags = this.#taught?.appliesTo(variant) ? this.#taught : undefined;
    const embedder = this.#fingerprints?.embedder?.holds(variant) ? this.#fingerprints.embedder : undefined;
    if (!tags && !embedder) return { probabilities: await this.infer(pixels, variant), taught: [] };
    const { probabilities, features } = await this.#sessions.inferFeatures(variant, pixels, this.#crops);
    const channels = features.length / this.#crops;
    const crops = Array.from({ length: this.#crops }, (_, i) => features.subarray(i * channels, (i + 1) * channels));
    return {
      probabilities,
      taught: tags ? surestOfCrops(crops.map((each) => tags.scores(variant, each))) : [],
      ...(embedder && { embedding: { space: embedder.id, numbers: embedder.embed(variant, crops[0]!) } }),
    };
  }

  /**
   * Names what was found before by other rules, without the image.
   *
   * @returns undefined if its labels aren't the ones that the label set has now, or its variant is gone.
   * @throws {TagmillError} `invalid-catalogue` if there is no such label set.
   */
  async rename(scores: ImageScores, rules: Rules): Promise<NamedTags | undefined> {
    const named = await this.#naming(scores, rules).catch((error) => {
      if (error instanceof TagmillError && error.code === 'unknown-variant') return undefined;
      throw error;
    });
    if (!named) return undefined;
    const isWhole = [1, CROPS].some((crops) => scores.bytes.length === crops * named.labels.length);
    return isWhole ? nameScores(scores, named, rules) : undefined;
  }

  /** Frees the sessions. */
  close(): Promise<void> {
    return this.#sessions.close();
  }

  /** @throws {TagmillError} `invalid-argument` if its tags are to be sure ones, and nobody has measured which are. */
  assertMeasured({ variant, thresholds }: Pick<Variant, 'variant' | 'thresholds'>): void {
    if (this.#tagOptions.minConfidence === 'sure' && thresholds === undefined) throw unmeasured(variant);
  }

  #scoresOf({ variant, labels }: Pick<Variant, 'variant' | 'labels'>): Omit<ImageScores, 'bytes'> {
    return { labelSet: labels, variant, ...this.#tagOptions };
  }

  #naming({ labelSet, variant, minConfidence }: Omit<ImageScores, 'bytes'>, rules: Rules): Promise<Naming> {
    const namings = this.#namings.get(rules) ?? new Map<string, Promise<Naming>>();
    this.#namings.set(rules, namings);
    const key = JSON.stringify([labelSet, variant, typeof minConfidence === 'number' ? '' : minConfidence]);
    const known = namings.get(key);
    if (known) return known;
    const read = Promise.all([
      this.#labels({ labels: labelSet }),
      variant === undefined ? undefined : this.#thresholds(variant),
    ]).then(
      ([labels, thresholds]) => ({
        ...nameLabels(labels, rules, leastConfidences(variant, minConfidence, thresholds)),
        broader: thresholds?.broader ?? 'sum',
      }),
      (error) => {
        namings.delete(key);
        throw error;
      },
    );
    namings.set(key, read);
    return read;
  }
}

/** By a variant's own thresholds, if they count. */
function leastConfidences(
  variant: string | undefined,
  minConfidence: MinConfidence,
  thresholds: Thresholds | undefined,
): LeastConfidence {
  if (minConfidence === 'sure' && !thresholds) throw unmeasured(variant);
  if (typeof minConfidence === 'number' || !thresholds) return () => undefined;
  return (name) => {
    const threshold = thresholds.tags[name];
    if (!threshold) throw new TagmillError('invalid-catalogue', `${variant} has no threshold for "${name}"`);
    return minConfidence === 'sure' ? threshold.sure : threshold.shown;
  };
}

function unmeasured(variant: string | undefined): TagmillError {
  return new TagmillError('invalid-argument', `Nobody has measured when ${variant} is sure: give a number instead`);
}

/** What kept scores are called by rules: see {@link scoresToTags}. */
function nameScores(
  { bytes, topN, minConfidence, minBroaderConfidence }: ImageScores,
  { labels, ...naming }: Naming,
  rules: Rules,
): NamedTags {
  // A name that only rules know has no threshold of its own.
  const least =
    typeof minConfidence === 'number'
      ? { minConfidence, minBroaderConfidence: minBroaderConfidence ?? minConfidence }
      : UNMEASURED_TAG_OPTIONS;
  const found = scoresToTags(bytesToScores(bytes), labels, {
    topN,
    minConfidence: rules.minConfidence ?? least.minConfidence,
    minBroaderConfidence: rules.minBroaderConfidence ?? least.minBroaderConfidence,
    ...naming,
  });
  return { outcome: found.tags.length > 0 ? 'tagged' : 'empty', ...found };
}

function modelFacts({ variant, family, alpha, resolution, precision, sha256 }: Variant): ModelFacts {
  return { variant, family, alpha, resolution, precision, sha256 };
}

/** To a hundredth of a millisecond. */
function milliseconds(from: number, to: number): number {
  return Math.round((to - from) * 100) / 100;
}
