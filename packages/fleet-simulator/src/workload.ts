import type { Variant } from '@tagmill/core';
import { billedMs } from '@tagmill/costs';
import {
  type Choice,
  chooseConcurrency,
  chooseVariant,
  type Distribution,
  findFrontier,
  type LatencyModel,
  LEAST_STEP_GAIN,
  PROMISED_SHARE,
  type Prediction,
  quantile,
  type Source,
  scaleDistribution,
} from '@tagmill/policy';

/** What the images are, and what is done with each beside decoding and inference. */
export interface Workload {
  source: Source;
  fetchMs: Distribution;
  storeMs: Distribution;
  /** Of DynamoDB, per image, indexes included. */
  writeUnits: number;
  storedBytes: number;
  /** How much slower the processor is than the profile's. */
  slowdown: number;
}

export interface PolicyOptions {
  /** To choose from; at least one. */
  variants: readonly Variant[];
  model: LatencyModel;
  /** Age of messages from which on images are tagged faster; those of a backfill never are. */
  targetAgeMs: number;
  latencyBudgetMs: number;
  /** Images that a function works on at once, at most. */
  maxInFlight: number;
}

/** A worker's batch, or several in a row. */
export interface Work {
  variant: Variant;
  /** Of the function, per image. */
  billedMs: number;
  /** Shares of `billedMs` by stage. */
  stages: { fetch: number; decode: number; infer: number; store: number };
}

/** Draws of a stage's duration that a turn's mean is taken from: a turn may be of very many images. */
const MOST_DRAWS = 10;

/**
 * How long a function of a given size takes for images: the profile's single image, whose processor time several in flight
 * share out evenly.
 */
export class FunctionWork {
  /** The accuracy curve, most accurate first. */
  readonly steps: readonly Variant[];
  readonly #workload: Workload;
  readonly #policy: PolicyOptions;
  readonly #vcpus: number;
  readonly #choices = new Map<number, { choice: Choice; inFlight: number }>();

  constructor(workload: Workload, policy: PolicyOptions, vcpus: number) {
    this.#workload = workload;
    this.#policy = policy;
    this.#vcpus = vcpus;
    const predict = (variant: Variant) => this.#predict(variant, policy.maxInFlight);
    this.steps = findFrontier(policy.variants, predict, { leastGain: LEAST_STEP_GAIN });
  }

  /** @param level steps down the accuracy curve. */
  draw(level: number, images: number, random: () => number): Work {
    const { choice, inFlight } = this.#choose(level);
    const { fetchMs, storeMs, source, slowdown } = this.#workload;
    const { model } = this.#policy;
    const { variant } = choice;
    const decoding = model.decoding(variant, source, 1).ms;
    const inference = model.inference(variant, 1).ms;
    const draws = Math.min(images, MOST_DRAWS);
    const sums = { fetch: 0, decode: 0, infer: 0, store: 0 };
    for (let i = 0; i < draws; i++) {
      sums.fetch += quantile(fetchMs, random()) / draws;
      sums.decode += (quantile(decoding, random()) * slowdown) / draws;
      sums.infer += (quantile(inference, random()) * slowdown) / draws;
      sums.store += quantile(storeMs, random()) / draws;
    }
    const cpuMs = sums.decode + sums.infer;
    const waitMs = sums.fetch + sums.store;
    const ms = billedMs({ cpuMs, waitMs, vcpus: this.#vcpus, inFlight: Math.min(inFlight, images) });
    const whole = cpuMs + waitMs;
    const share = (of: number) => (whole === 0 ? 0 : of / whole);
    const stages = {
      fetch: share(sums.fetch),
      decode: share(sums.decode),
      infer: share(sums.infer),
      store: share(sums.store),
    };
    return { variant, billedMs: ms, stages };
  }

  /** As the pipeline's budget tagger decides, on what the profile says. */
  #choose(level: number): { choice: Choice; inFlight: number } {
    const known = this.#choices.get(level);
    if (known) return known;
    const { variants, latencyBudgetMs, maxInFlight } = this.#policy;
    const slowest = this.steps[level];
    const choose = (inFlight: number) =>
      chooseVariant({
        variants,
        predict: (variant) => this.#predict(variant, inFlight),
        afterwards: this.#workload.storeMs,
        remainingMs: latencyBudgetMs - quantile(this.#workload.fetchMs, PROMISED_SHARE),
        ...(level > 0 && slowest && { slowest }),
      });
    const levels = [1, 2, 4].filter((each) => each < maxInFlight).concat(maxInFlight);
    const inFlight = chooseConcurrency({ levels, choose });
    const chosen = { choice: choose(inFlight), inFlight };
    this.#choices.set(level, chosen);
    return chosen;
  }

  /** Decoding and inference: on less than a vCPU, or beside others, they take as much longer. */
  #predict(variant: Variant, inFlight: number): Prediction {
    const alone = this.#policy.model.predict(variant, this.#workload.source, 1);
    const factor = this.#workload.slowdown * Math.max(1 / Math.min(1, this.#vcpus), inFlight / this.#vcpus);
    return { ms: scaleDistribution(alone.ms, factor), extrapolated: true };
  }
}
