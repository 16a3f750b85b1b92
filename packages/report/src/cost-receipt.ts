import type { Variant } from '@tagmill/core';
import { type Bill, bill, billedMs, dollarsFor, type ImageWork, imageUsage, type Prices, vcpus } from '@tagmill/costs';
import { type LatencyModel, MAX_IN_FLIGHT, TYPICAL_PHOTO } from '@tagmill/policy';
import { mean } from 'simple-statistics';
import type { Figures } from './collect.ts';

/** As packages/cdk/src/options.ts has them by default. */
export const IMAGES_PER_BATCH = 10;

/** Of the receipt. */
export const RECEIPT_IMAGES = 1000;

export interface Receipt extends Bill {
  memoryMb: number;
  rekognition: number;
}

/**
 * What {@link RECEIPT_IMAGES} such images cost at most: as if each had a function to itself, while the images of a batch
 * share one.
 */
export function computeReceipt(figures: Figures, prices: Prices, memoryMb: number): Receipt | undefined {
  if (figures.stagesMs.total.length === 0) return undefined;
  const usage = imageUsage({ ...meanWork(figures), memoryMb, architecture: 'x86_64' });
  const rekognition = dollarsFor(prices.prices['rekognition-images'], RECEIPT_IMAGES);
  return { ...bill(usage, prices, RECEIPT_IMAGES), memoryMb, rekognition };
}

/** Function sizes that are compared. */
export const SIZES = (['x86_64', 'arm64'] as const).flatMap((architecture) =>
  [1536, 1769, 3538].map((memoryMb) => ({ architecture, memoryMb })),
);

export interface VariantCosts {
  variant: string;
  /** Dollars per million images, in the order of {@link SIZES}. */
  dollars: number[];
}

/**
 * What a million images cost by variant and size of the function: decoding and inference from the latency profile, fetching
 * and storing from what was measured, four images in flight.
 */
export function computeVariantCosts(
  figures: Figures,
  variants: readonly Variant[],
  model: LatencyModel,
  prices: Prices,
): VariantCosts[] {
  const work = meanWork(figures);
  const waitMs = (work.stagesMs.fetch ?? 0) + (work.stagesMs.store ?? 0);
  return variants.map((variant) => {
    const cpuMs = mean([...model.predict(variant, TYPICAL_PHOTO, 1).ms]);
    const dollars = SIZES.map((size) => {
      const overhead = billedMs({ cpuMs, waitMs, vcpus: vcpus(size), inFlight: MAX_IN_FLIGHT });
      return bill(imageUsage({ ...work, ...size, stagesMs: { overhead } }), prices, 1e6).total;
    });
    return { variant: variant.variant, dollars };
  });
}

function meanWork({ stagesMs, writeUnits, storedBytes, seen }: Figures): Omit<ImageWork, 'memoryMb' | 'architecture'> {
  const meanOf = (values: number[]) => (values.length === 0 ? 0 : mean(values));
  const { fetch, decode, infer, store, total } = stagesMs;
  const known = { fetch: meanOf(fetch), decode: meanOf(decode), infer: meanOf(infer), store: meanOf(store) };
  const sum = Object.values(known).reduce((a, b) => a + b, 0);
  return {
    stagesMs: { ...known, overhead: Math.max(0, meanOf(total) - sum) },
    imagesPerBatch: IMAGES_PER_BATCH,
    origin: 'notification',
    writeUnits: writeUnits / seen.length,
    storedBytes: storedBytes / seen.length,
  };
}
