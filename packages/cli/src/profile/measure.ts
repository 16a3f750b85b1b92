import { createRequire } from 'node:module';
import type { Variant } from '@tagmill/core';
import { describeMachine, type LatencyProfile, toDistribution } from '@tagmill/policy';
import { makeSamplePhoto, type SamplePhotoOptions, SessionPool, Tagger } from '@tagmill/tagger';
import type { Catalogue } from '@tagmill/variants';
import pLimit from 'p-limit';
import { median } from 'simple-statistics';

/** What users' photos look like to a decoder: formats, sizes, and the progressive kind. */
const PHOTOS: readonly SamplePhotoOptions[] = [
  { format: 'jpeg', width: 500, height: 375 },
  // On both sides of a megapixel, above which another library decodes.
  { format: 'jpeg', width: 1152, height: 864 },
  { format: 'jpeg', width: 1280, height: 960 },
  { format: 'jpeg', width: 2048, height: 1536 },
  { format: 'jpeg', width: 4000, height: 3000 },
  { format: 'jpeg', width: 500, height: 375, progressive: true },
  { format: 'jpeg', width: 2048, height: 1536, progressive: true },
  { format: 'png', width: 500, height: 375 },
  { format: 'png', width: 2048, height: 1536 },
  { format: 'webp', width: 500, height: 375 },
  { format: 'webp', width: 2048, height: 1536 },
  { format: 'gif', width: 500, height: 375 },
  { format: 'tiff', width: 2048, height: 1536 },
  { format: 'avif', width: 500, height: 375 },
  { format: 'avif', width: 2048, height: 1536 },
];

const IN_FLIGHT = [1, 2, 4];
const WARM_UP = 3;
const BATCHES = [1, 8];
const REPEATED_LOADS = 3;
const REPEATED_CALLS = 15;

export interface Photo extends SamplePhotoOptions {
  bytes: Uint8Array;
}

/** Makes the photos that are measured with. */
export async function makePhotos(): Promise<Photo[]> {
  const photos: Photo[] = [];
  for (const options of PHOTOS) photos.push({ ...options, bytes: await makeSamplePhoto(options) });
  return photos;
}

/** One image, as it went. */
export interface Sample {
  variant: Variant;
  photo: Photo;
  inFlight: number;
  decodeMs: number;
  inferMs: number;
}

export interface MeasureOptions {
  catalogue: Catalogue;
  variants: readonly Variant[];
  photos: readonly Photo[];
  /** Images that each photo is tagged as, at each number in flight; shared among the variants. */
  imagesPerPhoto: number;
  onProgress: (line: string) => void;
}

/**
 * Tags sample photos, every photo by every variant, with one, two and four in flight.
 *
 * @returns every image that was tagged; the variants take turns, so that a slow moment hits all of them.
 */
export async function measureImages({
  catalogue,
  variants,
  photos,
  imagesPerPhoto,
  onProgress,
}: MeasureOptions): Promise<Sample[]> {
  const tagger = makeTagger(catalogue);
  for (const variant of variants) await tagger.preload(variant);
  const rounds = Math.ceil(imagesPerPhoto / variants.length);
  const samples: Sample[] = [];
  for (const photo of photos) {
    onProgress(`${photo.progressive ? 'progressive ' : ''}${photo.format}, ${photo.width} x ${photo.height}`);
    for (const inFlight of IN_FLIGHT) {
      const limit = pLimit(inFlight);
      const images = Array.from({ length: WARM_UP + rounds * variants.length }, (_, index) =>
        limit(async () => {
          const variant = variants[index % variants.length]!;
          const { decodeMs, inferMs } = (await tagger.tag(photo.bytes, variant)).timings;
          return { variant, photo, inFlight, decodeMs, inferMs };
        }),
      );
      samples.push(...(await Promise.all(images)).slice(WARM_UP));
    }
  }
  await tagger.close();
  return samples;
}

/** What was measured, as a profile of this machine. */
export async function buildProfile(samples: readonly Sample[], options: MeasureOptions): Promise<LatencyProfile> {
  const byPhoto = grouped(samples, ({ photo: { format, width, progressive }, variant, inFlight }) =>
    [format, width, progressive, variant.preprocessing.inputSize, inFlight].join(),
  );
  const byVariant = grouped(samples, ({ variant, inFlight }) => `${variant.variant} ${inFlight}`);
  return {
    schemaVersion: 1,
    machine: describeMachine(),
    measuredAt: new Date().toISOString(),
    runtime: { node: process.version, onnxruntime: versionOfOnnxRuntime() },
    decodes: byPhoto.map((group) => {
      const { photo, variant, inFlight } = group[0]!;
      const { format, width, height, progressive = false } = photo;
      const ms = rounded(toDistribution(group.map(({ decodeMs }) => decodeMs)));
      const { inputSize } = variant.preprocessing;
      return { inputSize, format, progressive, pixels: width * height, inFlight, ms };
    }),
    inferences: byVariant.map((group) => {
      const { variant, inFlight } = group[0]!;
      const ms = rounded(toDistribution(group.map(({ inferMs }) => inferMs)));
      return { variant: variant.variant, multAdds: variant.multAdds, inFlight, ms };
    }),
    coldLoads: await measureLoads(options),
    batches: await measureBatches(options),
  };
}

async function measureLoads({ catalogue, variants, onProgress }: MeasureOptions): Promise<LatencyProfile['coldLoads']> {
  onProgress('loading');
  const loads = [];
  for (const variant of variants) {
    const times: number[] = [];
    for (let round = 0; round < REPEATED_LOADS; round++) {
      const tagger = makeTagger(catalogue);
      times.push(await time(() => tagger.preload(variant)));
      await tagger.close();
    }
    loads.push({ variant: variant.variant, ms: hundredths(median(times)) });
  }
  return loads;
}

async function measureBatches({ catalogue, variants, onProgress }: MeasureOptions): Promise<LatencyProfile['batches']> {
  onProgress('batches and threads');
  const batches = [];
  for (const threads of [...new Set([1, describeMachine().cores])]) {
    const pool = new SessionPool({ onnx: (variant) => catalogue.onnx(variant), intraOpThreads: threads });
    for (const variant of variants) {
      for (const batch of BATCHES) {
        const pixels = new Uint8Array(batch * variant.preprocessing.inputSize ** 2 * 3);
        const times: number[] = [];
        for (let call = -WARM_UP; call < REPEATED_CALLS; call++) {
          const ms = await time(() => pool.infer(variant, pixels, batch));
          if (call >= 0) times.push(ms);
        }
        batches.push({ variant: variant.variant, batch, threads, ms: hundredths(median(times)) });
      }
    }
    await pool.close();
  }
  return batches;
}

function makeTagger(catalogue: Catalogue): Tagger {
  return new Tagger({ onnx: (variant) => catalogue.onnx(variant), labels: (variant) => catalogue.labels(variant) });
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[][] {
  return [...Map.groupBy(items, keyOf).values()];
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function rounded(distribution: readonly number[]): number[] {
  return distribution.map(hundredths);
}

function hundredths(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}

function versionOfOnnxRuntime(): string {
  return createRequire(import.meta.url)('onnxruntime-node/package.json').version;
}
