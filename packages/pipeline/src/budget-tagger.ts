import type { ImageScores, ModelFacts, Variant } from '@tagmill/core';
import type { Rules } from '@tagmill/rules';
import type { ImageHeader, NamedTags, Tagger } from '@tagmill/tagger';
import {
  always,
  Backlog,
  type Choice,
  chooseConcurrency,
  chooseVariant,
  frontier,
  type LatencyTracker,
  RecentValues,
  type Source,
} from '@tagmill/variants';
import type { Batch, ChosenTagging, Clock, ImageTagger, TagRequest } from './ports.ts';

export interface BudgetTaggerOptions {
  tagger: Pick<Tagger, 'tag' | 'rename' | 'preload'>;
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

/** What is planned for before a header was read: a photo as phones and web pages have it. */
const TYPICAL: Source = { format: 'jpeg', progressive: false, width: 2048, height: 1536 };

/** A step down that saves less than a tenth doesn't drain a backlog. */
const LEAST_GAIN = 0.1;

/**
 * Tags each image with the variant that its budget, its batch's remaining time and the queue's backlog leave room for. The
 * decision itself is {@link chooseVariant}'s; here are the figures that it is made of.
 */
export class BudgetTagger implements ImageTagger {
  readonly #options: BudgetTaggerOptions;
  /** What can be chosen: the variants that no other is predicted to beat. */
  readonly #candidates: readonly Variant[];
  readonly #steps: readonly Variant[];
  readonly #backlog: Backlog;
  readonly #storing = new RecentValues({ least: 10 });
  #busy = 0;

  constructor(options: BudgetTaggerOptions) {
    const { variants, tracker, targetAgeMs } = options;
    this.#options = options;
    const predict = (variant: Variant) => tracker.model.predict(variant, TYPICAL, options.maxInFlight);
    this.#candidates = frontier(variants, predict);
    this.#steps = frontier(variants, predict, { leastGain: LEAST_GAIN });
    this.#backlog = new Backlog({ targetAgeMs, steps: this.#steps.length - 1 });
  }

  /** Loads every variant that can be chosen: charged to an image, a load would keep whatever is not yet loaded out for ever. */
  async preload(): Promise<void> {
    for (const variant of this.#candidates) await this.#options.tagger.preload(variant);
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
    const choose = (inFlight: number) => this.#choose(TYPICAL, { inFlight, remainingMs: latencyMs });
    return chooseConcurrency({ levels: [...new Set(levels)], choose });
  }

  async tag(
    bytes: Uint8Array,
    { latencyMs, spentMs, shareMs, inFlight, isIsolated = false, rules }: TagRequest,
  ): Promise<ChosenTagging> {
    const start = performance.now();
    let choice: Choice | undefined;
    let source: ImageHeader['encoding'] & Source;
    const choose = (header: ImageHeader) => {
      const sinceMs = performance.now() - start;
      source = { ...header, ...header.encoding };
      const limits = {
        ...(latencyMs !== undefined && { remainingMs: latencyMs - spentMs - sinceMs }),
        ...(shareMs !== undefined && { shareMs: shareMs - sinceMs }),
      };
      choice = this.#choose(source, { inFlight, ...limits });
      return choice.variant;
    };
    const before = ++this.#busy;
    try {
      const tagging = await this.#options.tagger.tag(bytes, choose, { isIsolated, ...(rules && { rules }) });
      const { variant, predictedMs, ...why } = choice!;
      const { decodeMs, inferMs } = tagging.timings;
      // It shared the processor with so many, on the average of its start and its end.
      const shared = Math.round((before + this.#busy) / 2);
      // An isolated one waited for its process: that says nothing of others.
      if (!isIsolated) {
        this.#options.tracker.observe({ variant, source: source!, inFlight: shared }, decodeMs + inferMs);
      }
      return { ...tagging, choice: { ...why, predictedMs: hundredths(spentMs + predictedMs) } };
    } finally {
      this.#busy--;
    }
  }

  async rename(scores: ImageScores, rules: Rules): Promise<NamedTags | undefined> {
    const { variants, tagger } = this.#options;
    return variants.some(({ labels }) => labels === scores.labelSet) ? tagger.rename(scores, rules) : undefined;
  }

  stored(durationMs: number): void {
    this.#storing.add(durationMs, this.#nowMs());
  }

  #choose(source: Source, limits: { inFlight: number; remainingMs?: number; shareMs?: number }): Choice {
    const { inFlight, ...rest } = limits;
    const slowest = this.#steps[this.#backlog.level];
    return chooseVariant({
      variants: this.#candidates,
      predict: (variant) => this.#options.tracker.predict({ variant, source, inFlight }),
      afterwards: this.#storing.distribution(this.#nowMs()) ?? always(this.#options.firstStoreMs),
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
