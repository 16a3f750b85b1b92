import { type Bill, bill, imageUsage, loadPrices } from '@tagmill/costs';
import { accuracy } from '@tagmill/policy';
import type { FleetOptions } from './options.ts';
import type { Moment, Tally } from './tally.ts';

export interface SimulationResult {
  images: number;
  stored: number;
  deadLettered: number;
  /** Lost to the queue's retention. */
  expired: number;
  /** From the first arrival's zero to the last image. */
  drainedMs: number;
  /** How long images waited in the queue before they were first worked on. */
  ageMs: { p50: number; p95: number; p99: number };
  concurrency: { mean: number; peak: number };
  /** Receives of images that went back to the queue. */
  handedBack: number;
  /** Receives of images whose writes the table put off or refused. */
  throttled: number;
  invocations: number;
  coldStarts: number;
  /** Shares of the receives, most accurate variant first. */
  variants: { variant: string; share: number }[];
  /** Mean top-1 of the variants that ran; a fraction. */
  top1: number;
  /** As if all fell into one month, without any free tier. */
  bill: Bill;
  moments: readonly Moment[];
}

export function summarizeRun(options: FleetOptions, tally: Tally, expired: number): SimulationResult {
  const { trace, size, workload } = options;
  const { stored, received, deadLettered, handedBack, throttled, invocations, coldStarts, lastMs } = tally;
  const runs = [...tally.variants].sort(([a], [b]) => accuracy(b) - accuracy(a));
  return {
    images: trace.cohorts.reduce((sum, { images }) => sum + images, 0),
    stored,
    deadLettered,
    expired,
    drainedMs: lastMs,
    ageMs: { p50: tally.ageAt(0.5), p95: tally.ageAt(0.95), p99: tally.ageAt(0.99) },
    concurrency: { mean: lastMs === 0 ? 0 : tally.billedMs / lastMs, peak: tally.peakConcurrency },
    handedBack,
    throttled,
    invocations,
    coldStarts,
    variants: runs.map(([{ variant }, images]) => ({ variant, share: images / received })),
    top1: runs.reduce((sum, [variant, images]) => sum + (accuracy(variant) * images) / received, 0),
    bill: makeBill(tally, { trace, size, workload }),
    moments: tally.moments,
  };
}

/** A receive that fails costs as one that succeeds, but for the writes. */
function makeBill(tally: Tally, { trace, size, workload }: Pick<FleetOptions, 'trace' | 'size' | 'workload'>): Bill {
  const { received, stored, invocations, stagesMs } = tally;
  if (received === 0) return bill([], loadPrices());
  const perReceive = (ms: number) => ms / received;
  const usage = imageUsage({
    ...size,
    stagesMs: {
      fetch: perReceive(stagesMs.fetch),
      decode: perReceive(stagesMs.decode),
      infer: perReceive(stagesMs.infer),
      store: perReceive(stagesMs.store),
      overhead: perReceive(stagesMs.overhead),
    },
    imagesPerBatch: received / invocations,
    origin: trace.origin,
    writeUnits: (workload.writeUnits * stored) / received,
    storedBytes: (workload.storedBytes * stored) / received,
  });
  return bill(usage, loadPrices(), received);
}
