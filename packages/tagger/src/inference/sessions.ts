import { TagmillError, type Variant } from '@tagmill/core';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { exactInt8Options } from './exact-int8.ts';

// ONNX Runtime's builds for Linux and macOS report their use unless they are told not to, before the first session is made
// (microsoft/onnxruntime #27379). What people do with their pictures is nobody else's business.
process.env.ORT_DISABLE_TELEMETRY ??= '1';

export interface SessionPoolOptions {
  /**
   * Gives a variant's ONNX model: uint8 `images` [batch, S, S, 3] in, float32 `probabilities` [batch, classes] out; and, unless it
   * was written by another program, `features` [batch, channels].
   */
  onnx: (variant: Variant) => Promise<Uint8Array>;
  /** Threads that one inference may use. Images are inferred side by side, so one by default. */
  intraOpThreads?: number;
}

/** What a network says of images, one after the other. */
export interface Inference {
  /** One a class. */
  probabilities: Float32Array;
  /** What the classifier reads, one a channel. */
  features: Float32Array;
}

/** One ONNX Runtime session a variant, made when it is first asked for and shared by all. */
export class SessionPool {
  readonly #onnx: SessionPoolOptions['onnx'];
  readonly #options: InferenceSession.SessionOptions;
  /** Promises, so that two who ask at once share one; a failed one is dropped, so that it can be tried again. */
  readonly #sessions = new Map<string, Promise<InferenceSession>>();
  /** Loaded ones, and whether they give their features: asking ONNX Runtime each time takes a while. */
  readonly #loaded = new Map<string, { givesFeatures: boolean }>();

  constructor({ onnx, intraOpThreads = 1 }: SessionPoolOptions) {
    this.#onnx = onnx;
    this.#options = { intraOpNumThreads: intraOpThreads, interOpNumThreads: 1, graphOptimizationLevel: 'all' };
  }

  /** Makes the session ahead of its first image. */
  async preload(variant: Variant): Promise<void> {
    await this.#session(variant);
  }

  /** Whether its session is made. */
  isLoaded({ variant }: Pick<Variant, 'variant'>): boolean {
    return this.#loaded.has(variant);
  }

  /**
   * Runs the network.
   *
   * @param pixels inputSize x inputSize x 3 bytes an image.
   * @param count of images.
   * @returns one score a class and image.
   * @throws {TagmillError} `invalid-model` if the model can't be loaded, `inference-failed` if it can't be run, or is an int8
   * model that this processor can't compute exactly.
   */
  async infer(variant: Variant, pixels: Uint8Array, count = 1): Promise<Float32Array> {
    const { probabilities } = await this.#run(variant, { pixels, count, outputs: ['probabilities'] });
    return probabilities;
  }

  /**
   * Runs the network, and gives its features as well: see {@link infer}.
   *
   * @throws {TagmillError} as {@link infer}, and `invalid-model` if the variant's model doesn't give its features.
   */
  async inferFeatures(variant: Variant, pixels: Uint8Array, count = 1): Promise<Inference> {
    const { givesFeatures } = this.#loaded.get(variant.variant) ?? { givesFeatures: await this.givesFeatures(variant) };
    if (!givesFeatures) {
      throw new TagmillError(
        'invalid-model',
        `The model of ${variant.variant} has no output "features": import it again`,
      );
    }
    return this.#run(variant, { pixels, count, outputs: ['probabilities', 'features'] });
  }

  /** Whether a variant's model gives its features: those that were imported before it could, don't. */
  async givesFeatures(variant: Variant): Promise<boolean> {
    const { outputNames } = await this.#session(variant);
    return outputNames.includes('features');
  }

  async #run<Output extends keyof Inference>(
    variant: Variant,
    { pixels, count, outputs }: { pixels: Uint8Array; count: number; outputs: readonly Output[] },
  ): Promise<Pick<Inference, Output>> {
    const session = await this.#session(variant);
    const side = variant.preprocessing.inputSize;
    try {
      const images = new Tensor('uint8', pixels, [count, side, side, 3]);
      // What isn't asked for isn't copied.
      const found = await session.run({ images }, outputs);
      return Object.fromEntries(outputs.map((name) => [name, found[name]!.data])) as unknown as Pick<Inference, Output>;
    } catch (cause) {
      throw new TagmillError('inference-failed', `${variant.variant} cannot be run`, { cause, retryable: true });
    }
  }

  /** Frees every session. */
  async close(): Promise<void> {
    const sessions = await Promise.allSettled(this.#sessions.values());
    this.#sessions.clear();
    this.#loaded.clear();
    await Promise.all(sessions.map((each) => each.status === 'fulfilled' && each.value.release()));
  }

  #session(variant: Variant): Promise<InferenceSession> {
    const known = this.#sessions.get(variant.variant);
    if (known) return known;
    const made = this.#load(variant).catch((error) => {
      this.#sessions.delete(variant.variant);
      throw error;
    });
    this.#sessions.set(variant.variant, made);
    return made;
  }

  async #load(variant: Variant): Promise<InferenceSession> {
    const exact = variant.precision === 'int8' ? await exactInt8Options() : {};
    const model = await this.#onnx(variant);
    try {
      const session = await InferenceSession.create(model, { ...this.#options, ...exact });
      this.#loaded.set(variant.variant, { givesFeatures: session.outputNames.includes('features') });
      return session;
    } catch (cause) {
      throw new TagmillError('invalid-model', `ONNX Runtime cannot load ${variant.variant}`, { cause });
    }
  }
}
