import { type ImageRecord, type MinConfidence, TagmillError, type Variant } from '@tagmill/core';
import { withImage } from '@tagmill/image-files';
import { Tagger as ImageTagger, makeTaggedRecord, makeUntaggedRecord } from '@tagmill/tagger';
import type { Catalogue } from '@tagmill/variants/catalogue';
import { pMapIterable } from 'p-map';
import { Embedder } from './embedder.ts';
import { foldersOf, loadCatalogue } from './load-catalogue.ts';
import { openBudget, type TagBytes } from './open-budget.ts';

export interface TaggerOptions {
  /** The models to choose from; those inside the package if absent. */
  catalogue?: Catalogue;
  /** One variant for all images, e.g. `everyday/0.5-128`. */
  variant?: string;
  /** The family's most accurate variant, or those to choose from within `budgetMs`. Default: `everyday`. */
  family?: string;
  /** Milliseconds that an image may take. Each image gets the most accurate variant that fits. */
  budgetMs?: number;
  /** At most so many tags an image. Default: 5. */
  topN?: number;
  /** `default`: of the tags shown, four in five are right; `sure`: 95%; a number: all tags of at least that confidence. */
  minConfidence?: MinConfidence;
  /** Images that {@link Tagger.tagAll} has in flight. Default: 4. */
  concurrency?: number;
}

/** Bytes, with the name that the record has in `image.path`. */
export interface NamedImage {
  bytes: Uint8Array;
  path: string;
}

/** The path of a file, or bytes. */
export type ImageInput = string | Uint8Array | NamedImage;

/** What is known of an image that came as a file or as bytes. */
export type FileRecord = ImageRecord & { image: { path: string } };

/** The name in the record of bytes that have none. */
const UNNAMED = '';

interface Parts {
  tagger: ImageTagger;
  tagBytes: TagBytes;
  concurrency: number;
  openEmbedder: () => Promise<Embedder>;
}

/**
 * Tags images with one model, or with the one that fits a latency budget.
 *
 * @example
 * const tagger = await Tagger.open({ variant: 'everyday/0.5-128' });
 * const record = await tagger.tag(await readFile('cat.jpg'));
 * record.tags; // [{ name: 'cat', confidence: 0.93, parents: ['animal'] }]
 * await tagger.close();
 */
export class Tagger implements AsyncDisposable {
  readonly #tagger: ImageTagger;
  readonly #tagBytes: TagBytes;
  readonly #concurrency: number;
  readonly #openEmbedder: () => Promise<Embedder>;
  #embedder: Promise<Embedder> | undefined;

  private constructor({ tagger, tagBytes, concurrency, openEmbedder }: Parts) {
    this.#tagger = tagger;
    this.#tagBytes = tagBytes;
    this.#concurrency = concurrency;
    this.#openEmbedder = openEmbedder;
  }

  /**
   * Loads the models that the options name.
   *
   * @throws {TagmillError} `unknown-variant`, listing those that exist; `invalid-argument` if options contradict each other.
   */
  static async open(options: TaggerOptions = {}): Promise<Tagger> {
    assertOptions(options);
    const { budgetMs, topN, minConfidence, concurrency = 4 } = options;
    const catalogue = options.catalogue ?? (await loadCatalogue());
    const variants = chooseVariants(catalogue, options);
    const tagger = new ImageTagger({
      onnx: (each) => catalogue.onnx(each),
      labels: (each) => catalogue.labels(each),
      thresholds: (each) => catalogue.thresholds(each),
      ...(topN !== undefined && { topN }),
      ...(minConfidence !== undefined && { minConfidence }),
    });
    const openEmbedder = () => Embedder.open({ onnx: (each) => catalogue.onnx(each), variants, limits: tagger.limits });
    try {
      if (budgetMs !== undefined) {
        const folders = foldersOf(catalogue);
        const budget = await openBudget({ tagger, variants, latencyMs: budgetMs, folders, maxInFlight: concurrency });
        return new Tagger({ tagger, openEmbedder, tagBytes: budget.tagBytes, concurrency: budget.inFlight });
      }
      const variant = variants[0]!;
      await tagger.preload(variant);
      const tagBytes: TagBytes = (bytes) => tagger.tag(bytes, variant);
      return new Tagger({ tagger, openEmbedder, tagBytes, concurrency });
    } catch (error) {
      await tagger.close();
      throw error;
    }
  }

  /**
   * Tags one image. An image that can't be tagged gives a record too, with outcome `rejected` or `failed` and the reason.
   *
   * @returns the record that `tagmill tag --format jsonl` prints. Bytes without a name have an empty `image.path`.
   */
  async tag(image: ImageInput): Promise<FileRecord> {
    const startMs = performance.now();
    const { path, bytes } = nameInput(image);
    try {
      const tag = (content: Uint8Array) => this.#tagBytes(content, startMs);
      const { budget, ...tagging } =
        bytes === undefined ? await withImage(path, this.#tagger.limits, tag) : await tag(bytes);
      return nameRecord({ ...makeTaggedRecord({ path }, tagging, new Date()), ...(budget && { budget }) }, path);
    } catch (error) {
      return nameRecord(makeUntaggedRecord({ path }, error, new Date()), path);
    }
  }

  /** Tags many images, several at a time: one record an image, in the order of the images. */
  async *tagAll(images: Iterable<ImageInput> | AsyncIterable<ImageInput>): AsyncGenerator<FileRecord, void, undefined> {
    yield* pMapIterable(images, (image) => this.tag(image), { concurrency: this.#concurrency });
  }

  /**
   * Places an image in the family's space: the cosine of two images' embeddings is the higher the more alike they look. A tagger with a
   * budget uses the family's most accurate variant. The first call loads its model once more.
   *
   * @returns numbers of length 1 together, so that the cosine of two is their dot product.
   * @throws {TagmillError} with the reason if the image can't be read or decoded; `not-found` if the family has no embeddings.
   */
  async embed(image: ImageInput): Promise<Float32Array> {
    this.#embedder ??= this.#openEmbedder();
    const embedder = await this.#embedder;
    const { path, bytes } = nameInput(image);
    const embed = (content: Uint8Array) => embedder.embed(content);
    return bytes === undefined ? withImage(path, this.#tagger.limits, embed) : embed(bytes);
  }

  /** Frees the models. */
  async close(): Promise<void> {
    const embedder = await this.#embedder?.catch(() => undefined);
    await Promise.all([this.#tagger.close(), embedder?.close()]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function nameRecord(record: ImageRecord, path: string): FileRecord {
  return { ...record, image: { ...record.image, path } };
}

function nameInput(image: ImageInput): { path: string; bytes?: Uint8Array } {
  if (typeof image === 'string') return { path: image };
  return image instanceof Uint8Array ? { path: UNNAMED, bytes: image } : image;
}

function chooseVariants(catalogue: Catalogue, { variant, family = 'everyday' }: TaggerOptions): Variant[] {
  return variant === undefined ? catalogue.family(family) : [catalogue.find(variant)];
}

const OPTIONS = ['catalogue', 'variant', 'family', 'budgetMs', 'topN', 'minConfidence', 'concurrency'];

/** A misspelt option would be ignored otherwise: JavaScript has no types to refuse it. */
function assertOptions(options: TaggerOptions): void {
  const unknown = Object.keys(options).filter((name) => !OPTIONS.includes(name));
  if (unknown.length > 0) {
    throw invalid(`Unknown options ${unknown.join(', ')}; there are: ${OPTIONS.join(', ')}`);
  }
  if (options.variant !== undefined && options.family !== undefined) throw invalid('Give variant or family, not both');
  for (const name of ['budgetMs', 'topN', 'concurrency'] as const) {
    const value = options[name];
    if (value !== undefined && !(value >= 1)) throw invalid(`${name} is ${value}: it must be at least 1`);
  }
}

function invalid(message: string): TagmillError {
  return new TagmillError('invalid-argument', message);
}
