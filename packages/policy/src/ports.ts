import type { Budget, ImageScores, ModelFacts } from '@tagmill/core';
import type { Rules } from '@tagmill/rules';
import type { NamedTags, Tagging } from '@tagmill/tagger';

/** What is known of a batch before its objects are opened. */
export interface Batch {
  /** How long its messages waited, of those that came for the first time and in their own time. */
  agesMs: readonly number[];
  /** The tightest of its images' budgets; absent if none has any. */
  latencyMs?: number;
}

export interface TagRequest {
  /** The image's latency budget; none if absent. */
  latencyMs?: number;
  /** Spent of it by now. */
  spentMs: number;
  /** The image's share of the time that is left to its batch; no limit if absent. */
  shareMs?: number;
  /** Images that may be in flight beside it, itself included. */
  inFlight: number;
  /** That name its tags; none if absent. */
  rules?: Rules;
  /** Whether a process of its own decodes it: it came before, and may have been what ended the process that it came to. */
  isIsolated?: boolean;
}

export interface ChosenTagging extends Tagging {
  /** How the variant was chosen. */
  choice: Pick<Budget, 'predictedMs' | 'reason' | 'extrapolated'>;
}

/** One image in, tags out, by one of the models that it has. */
export interface ImageTagger {
  /** Whether what this model said still stands: else the image is tagged anew when it comes up. */
  isCurrent(model: Pick<ModelFacts, 'variant' | 'sha256'>): boolean;
  /**
   * Hears what is to come.
   *
   * @returns how many images to keep in flight.
   */
  plan(batch: Batch): number;
  /**
   * Tags an image.
   *
   * @throws {TagmillError} a code of `REJECT_REASONS` if it can never be tagged.
   */
  tag(bytes: Uint8Array, request: TagRequest): Promise<ChosenTagging>;
  /**
   * Names what was found before by other rules, without the image.
   *
   * @returns undefined if it was found by labels that are no longer in use.
   */
  rename(scores: ImageScores, rules: Rules): Promise<NamedTags | undefined>;
  /** Hears how long it took to write what it found. */
  stored(durationMs: number): void;
  /** How long that took the last time, in milliseconds; before the first a guess. */
  lastStoreMs(): number;
}

export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
