import type { ImageRecord, Variant } from '@tagmill/core';
import { BudgetTagger, describeMachine, LatencyTracker, loadLatencyModel, systemClock } from '@tagmill/policy';
import type { Tagger as ImageTagger, Tagging } from '@tagmill/tagger';

/** What tags one image's bytes, whose work began at `startMs` by `performance.now()`. */
export type TagBytes = (bytes: Uint8Array, startMs: number) => Promise<Tagging & Pick<ImageRecord, 'budget'>>;

export interface BudgetOptions {
  tagger: ImageTagger;
  /** To choose from. */
  variants: readonly Variant[];
  /** Of one image. */
  latencyMs: number;
  /** That hold latency profiles. */
  folders: readonly string[];
  maxInFlight: number;
}

/**
 * Loads the variants that a budget may choose, and what predicts their latency on this machine.
 *
 * @returns what tags within the budget, and how many images may be in flight at once without missing it.
 */
export async function openBudget({
  tagger,
  variants,
  latencyMs,
  folders,
  maxInFlight,
}: BudgetOptions): Promise<{ tagBytes: TagBytes; inFlight: number }> {
  const chooser = new BudgetTagger({
    tagger,
    variants,
    tracker: new LatencyTracker(await loadLatencyModel([...folders], describeMachine()), {
      now: () => performance.now(),
    }),
    targetAgeMs: Number.POSITIVE_INFINITY,
    maxInFlight,
    firstStoreMs: 0,
    clock: systemClock,
  });
  await chooser.preload();
  const inFlight = chooser.plan({ agesMs: [], latencyMs });
  const tagBytes: TagBytes = async (bytes, startMs) => {
    const spentMs = performance.now() - startMs;
    const { choice, ...tagging } = await chooser.tag(bytes, { latencyMs, spentMs, inFlight });
    return { ...tagging, budget: { latencyMs, met: performance.now() - startMs <= latencyMs, ...choice } };
  };
  return { tagBytes, inFlight };
}
