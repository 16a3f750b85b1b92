import type { ImageScores, ModelFacts, Variant } from '@tagmill/core';
import type { Rules } from '@tagmill/rules';
import type { ImageHeader, NamedTags, Tagger } from '@tagmill/tagger';
import { BacklogController } from './backlog-controller.ts';
import { type Choice, type ChoiceRequest, chooseConcurrency, chooseVariant, findFrontier } from './choose-variant.ts';
import type { Source } from './decode-time.ts';
import { constantDistribution } from './distribution.ts';
import type { LatencyTracker } from './latency-tracker.ts';
import type { Batch, ChosenTagging, Clock, ImageTagger, TagRequest } from './ports.ts';
import { RecentValues } from './recent-values.ts';
import { TYPICAL_PHOTO } from './typical-photo.ts';

export interface BudgetTaggerOptions {
  tagger: Pick<Tagger, 'tag' | 'rename' | 'preload' | 'isLoaded' | 'assertMeasured'>;
  /** To choose from; one alone is always chosen. */
  variants: readonly Variant[];
  tracker: LatencyTracker;
  /** Age of messages from which on images are tagged faster than they best could be. */
  targetAgeMs: number;
  /** Images that may be in flight at most. */
  maxInFlight: number;
  /** What storing is taken to need until it was measured, in milliseconds; 0 where nothing is stored. */
  firstStoreMs: number;
  clock: Clock;
}

/** Images in flight at most: enough that fetching one overlaps with decoding another, on the one or two CPUs of a function. */
export const MAX_IN_FLIGHT = 4;

/**
 * First images and writes of a process of which nothing is learnt: they wait for connections, and for code to be compiled, as no later
 * one does.
 */
const WARM_UP = 4;

/** A step down that saves less than a tenth doesn't drain a backlog. */
export const LEAST_STEP_GAIN = 0.1;

/**
 * Tags each image with the variant that its budget, its batch's remaining time and the queue's backlog leave room for. The
 * decision itself is {@link chooseVariant}'s; here are the figures that it is made of.
 */
export class BudgetTagger implements ImageTagger {
  readonly #options: BudgetTaggerOptions;
  /** What can be chosen: the variants that no other is predicted to beat. */
  readonly #candidates: readonly Variant[];
  readonly #steps: readonly Variant[];
  readonly #backlog: BacklogController;
  readonly #storing = new RecentValues({ least: 10 });
  #lastStoreMs: number;
  #busy = 0;
  readonly #seen = { images: 0, writes: 0 };
  /** Images that waited for a model so far, and those that wait now. */
  readonly #loads = { begun: 0, running: 0 };

  constructor(options: BudgetTaggerOptions) {
    const { variants, tracker, targetAgeMs } = options;
    this.#options = options;
    this.#lastStoreMs = options.firstStoreMs;
    const predict = (variant: Variant) => tracker.model.predict(variant, TYPICAL_PHOTO, options.maxInFlight);
    this.#candidates = findFrontier(variants, predict);
    this.#steps = findFrontier(variants, predict, { leastGain: LEAST_STEP_GAIN });
    this.#backlog = new BacklogController({ targetAgeMs, steps: this.#steps.length - 1 });
  }

  /**
   * Loads every variant that can be chosen, most accurate first.
   *
   * @param options.goesOn asked before each.
   */
  async preload({ goesOn = () => true }: { goesOn?: () => boolean } = {}): Promise<void> {
    for (const variant of this.#candidates) {
      if (!goesOn()) return;
      await this.#options.tagger.preload(variant);
    }
  }

  /**
   * Loads the variant alone that a typical image of that budget is tagged with. An image that needs another before that is loaded
   * is charged for it.
   *
   * @param options.latencyMs none if absent.
   * @throws {TagmillError} `invalid-argument` if for any that can be chosen nobody has measured when it is sure, and that is asked.
   */
  async preloadFor({ latencyMs }: { latencyMs?: number | undefined }): Promise<void> {
    for (const each of this.#candidates) this.#options.tagger.assertMeasured(each);
    const { variant } = this.#choose(TYPICAL_PHOTO, {
      inFlight: 1,
      ...(latencyMs !== undefined && { remainingMs: latencyMs }),
      loadMs: () => 0,
    });
    await this.#options.tagger.preload(variant);
  }

  isCurrent({ variant, sha256 }: Pick<ModelFacts, 'variant' | 'sha256'>): boolean {
    return this.#options.variants.some((each) => each.variant === variant && each.sha256 === sha256);
  }

  plan({ agesMs, latencyMs }: Batch): number {
    this.#backlog.observe(agesMs, this.#nowMs());
    const { maxInFlight, tracker } = this.#options;
    const levels = [
      1,
      ...tracker.model.inFlightLevels.filter((level) => level > 1 && level < maxInFlight),
      maxInFlight,
    ];
    const limit = latencyMs === undefined ? {} : { remainingMs: latencyMs };
    const choose = (inFlight: number) => this.#choose(TYPICAL_PHOTO, { inFlight, ...limit });
    return chooseConcurrency({ levels: [...new Set(levels)], choose });
  }

  async tag(
    bytes: Uint8Array,
    { latencyMs, spentMs, shareMs, inFlight, isIsolated = false, rules }: TagRequest,
  ): Promise<ChosenTagging> {
    const start = performance.now();
    let choice: Choice | undefined;
    let source: ImageHeader['encoding'] & Source;
    /** For its model. */
    let waits = false;
    const choose = (header: ImageHeader) => {
      const sinceMs = performance.now() - start;
      source = { ...header, ...header.encoding };
      const limits = {
        ...(latencyMs !== undefined && { remainingMs: latencyMs - spentMs - sinceMs }),
        ...(shareMs !== undefined && { shareMs: shareMs - sinceMs }),
      };
      choice = this.#choose(source, { inFlight, ...limits });
      waits = !this.#options.tagger.isLoaded(choice.variant);
      if (waits) {
        this.#loads.begun++;
        this.#loads.running++;
      }
      return choice.variant;
    };
    const before = ++this.#busy;
    const loadsBefore = { ...this.#loads };
    try {
      const tagging = await this.#options.tagger.tag(bytes, choose, { isIsolated, ...(rules && { rules }) });
      const { variant, predictedMs, ...why } = choice!;
      const { decodeMs, inferMs } = tagging.timings;
      // It shared the processor with so many, on the average of its start and its end.
      const shared = Math.round((before + this.#busy) / 2);
      // An isolated one waited for its process, and others may have waited for a model: that says nothing of the next.
      const hasWaited = loadsBefore.running > 0 || loadsBefore.begun < this.#loads.begun;
      const isHeldUp = isIsolated || hasWaited || this.#seen.images++ < WARM_UP;
      if (!isHeldUp) {
        this.#options.tracker.observe({ variant, source: source!, inFlight: shared }, decodeMs + inferMs);
      }
      return { ...tagging, choice: { ...why, predictedMs: hundredths(spentMs + predictedMs) } };
    } finally {
      if (waits) this.#loads.running--;
      this.#busy--;
    }
  }

  async rename(scores: ImageScores, rules: Rules): Promise<NamedTags | undefined> {
    const { variants, tagger } = this.#options;
    return variants.some(({ labels }) => labels === scores.labelSet) ? tagger.rename(scores, rules) : undefined;
  }

  stored(durationMs: number): void {
    this.#lastStoreMs = durationMs;
    // Who loads a model beside it takes the processor from it.
    const isHeldUp = this.#loads.running > 0 || this.#seen.writes++ < WARM_UP;
    if (!isHeldUp) this.#storing.add(durationMs, this.#nowMs());
  }

  lastStoreMs(): number {
    return this.#lastStoreMs;
  }

  #choose(
    source: Source,
    limits: Pick<ChoiceRequest, 'remainingMs' | 'shareMs' | 'loadMs'> & { inFlight: number },
  ): Choice {
    const { inFlight, ...rest } = limits;
    const { tagger, tracker } = this.#options;
    const slowest = this.#steps[this.#backlog.level];
    return chooseVariant({
      variants: this.#candidates,
      predict: (variant) => tracker.predict({ variant, source, inFlight }),
      loadMs: (variant) => (tagger.isLoaded(variant) ? 0 : tracker.load(variant)),
      afterwards: this.#storing.distribution(this.#nowMs()) ?? constantDistribution(this.#options.firstStoreMs),
      ...rest,
      ...(this.#backlog.level > 0 && slowest && { slowest }),
    });
  }

  #nowMs(): number {
    return this.#options.clock.now().getTime();
  }
}

function hundredths(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}
