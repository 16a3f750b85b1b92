/**
 * Whether the fleet simulator predicts `tagmill up`. Two free figures are fitted to the time and the variants of one trace: how much
 * slower the busy machine is than the latency profile, and an image's time beside the times in its record. Then the simulator predicts
 * another trace, of another size, pace and target age. It shows that queue, workers and policy are simulated as they are; it shows
 * nothing of AWS, whose limits and latencies the local stack doesn't have. Needs an idle machine.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ImageRecord, Variant } from '@tagmill/core';
import { LOCAL_LIMITS, type SimulationResult, simulateFleet, type Trace } from '@tagmill/fleet-simulator';
import { describeMachine, findNearestProfile, LatencyModel, loadProfiles, toDistribution } from '@tagmill/policy';
import { loadCatalogue } from '@tagmill/variants';
import { randomLcg } from 'd3-random';
import pMap from 'p-map';
import { makePhotos } from '../helpers/photos.ts';
import { eventually, startPipeline } from '../helpers/pipeline-stack.ts';
import { writeRandomFamily } from '../helpers/random-family.ts';
import { conclude, machine, print } from './harness.ts';

/** A burst, and then a slower stream with a burst in it: images by second. */
const FITTED = { name: 'fitted', perSecond: [400], targetAgeSeconds: 4 };
const PREDICTED = { name: 'predicted', perSecond: [30, 30, 30, 30, 30, 500, 30, 30, 30, 30], targetAgeSeconds: 6 };
type TraceSpec = typeof FITTED;

const WORKERS = 2;
const BATCH_SIZE = 10;
const IN_FLIGHT = 4;
const WITHIN = 0.15;
/** Waits of an image that no record shows are tried up to a few hundred milliseconds. */
const BESIDE_STEP_MS = 10;
const BESIDE_STEPS = 40;
const PHOTO = { format: 'jpeg', progressive: false, width: 160, height: 120 };

interface Observed {
  /** From the first upload to the last record. */
  drainedMs: number;
  /** When each upload was through, from the first's beginning. */
  arrivalsMs: number[];
  records: ImageRecord[];
  shares: Map<string, number>;
}

const models = fs.mkdtempSync(path.join(os.tmpdir(), 'fleet-'));
writeRandomFamily(models);
const variants = (await loadCatalogue({ directories: [models] })).family('random');
const model = new LatencyModel(findNearestProfile(await loadProfiles([models]), describeMachine()));
const photos = await makePhotos(50, 1);

async function observe({ name, perSecond, targetAgeSeconds }: TraceSpec): Promise<Observed> {
  const stack = {
    family: 'random',
    minConfidence: 0,
    latencyBudgetMs: 10_000,
    queueTargetAgeSeconds: targetAgeSeconds,
    maxConcurrency: WORKERS,
    batchSize: BATCH_SIZE,
  };
  const pipeline = await startPipeline({ models, stack });
  try {
    const put = (key: string, index: number) => pipeline.put(key, photos[index % photos.length]!);
    const recorded = async (prefix: string) =>
      (await pipeline.items()).flatMap(({ record }) => (record && keyOf(record).startsWith(prefix) ? [record] : []));
    const all = (prefix: string, count: number) =>
      eventually(
        () => recorded(prefix),
        ({ length }) => length === count,
        300_000,
      );
    // Calmly, so that no worker begins with a backlog.
    for (const index of range(40)) {
      await put(`warm-up/${index}.jpg`, index);
      await delay(200);
    }
    await all('warm-up/', 40);

    const startMs = Date.now();
    const arrivalsMs: number[] = [];
    let index = 0;
    const upload = async () => {
      await put(`${name}/${index}.jpg`, index++);
      arrivalsMs.push(Date.now() - startMs);
    };
    for (const [second, count] of perSecond.entries()) {
      await delay(Math.max(0, startMs + second * 1000 - Date.now()));
      await pMap(range(count), upload, { concurrency: 16 });
    }
    const records = await all(`${name}/`, index);
    const lastMs = Math.max(...records.map(({ taggedAt }) => Date.parse(taggedAt)));
    return { drainedMs: lastMs - startMs, arrivalsMs, records, shares: sharesOf(records) };
  } finally {
    await pipeline.close();
  }
}

interface Fit {
  slowdown: number;
  /** Of an image, beside its stages: rules that are asked for, states that are read, the emulators themselves. */
  besideMs: number;
}

/** The uploads as they came, with what fetching and storing took in `measured`. */
function simulate(
  { name, targetAgeSeconds }: TraceSpec,
  { arrivalsMs }: Observed,
  { measured, slowdown, besideMs }: Fit & { measured: Observed },
): SimulationResult {
  const of = (stage: 'fetchMs' | 'storeMs') =>
    toDistribution(measured.records.map(({ timings }) => timings?.[stage] ?? 0));
  const cohorts = arrivalsMs.toSorted((a, b) => a - b).map((atMs) => ({ atMs, images: 1 }));
  const trace: Trace = { name, origin: 'notification', cohorts };
  return simulateFleet({
    trace,
    limits: LOCAL_LIMITS,
    size: { memoryMb: 1769, architecture: 'x86_64' },
    batchSize: BATCH_SIZE,
    maxConcurrency: WORKERS,
    retentionMs: Number.POSITIVE_INFINITY,
    maxReceiveCount: 10,
    policy: { variants, model, targetAgeMs: targetAgeSeconds * 1000, latencyBudgetMs: 10_000, maxInFlight: IN_FLIGHT },
    workload: {
      source: PHOTO,
      fetchMs: of('fetchMs'),
      storeMs: toDistribution(measured.records.map(({ timings }) => (timings?.storeMs ?? 0) + besideMs)),
      writeUnits: 1,
      storedBytes: 1,
      slowdown,
    },
    coldStartMs: 0,
    random: randomLcg(0.5),
  });
}

/** Of all fits with which the trace takes as long as it did, the one whose variants are the closest. */
function fitFigures(observed: Observed): Fit {
  const fits = range(BESIDE_STEPS).map((step): Fit => {
    const besideMs = step * BESIDE_STEP_MS;
    return { besideMs, slowdown: fitSlowdown(observed, besideMs) };
  });
  const badness = (each: Fit) => {
    const simulated = simulate(FITTED, observed, { measured: observed, ...each });
    return apart(observed.shares, simulated) + Math.abs(simulated.drainedMs / observed.drainedMs - 1);
  };
  return fits.toSorted((a, b) => badness(a) - badness(b))[0]!;
}

/** The slowdown at which the fitted trace takes as long as it did, by halving. */
function fitSlowdown(observed: Observed, besideMs: number): number {
  let [low, high] = [0.05, 50];
  for (let step = 0; step < 20; step++) {
    const slowdown = Math.sqrt(low * high);
    if (simulate(FITTED, observed, { measured: observed, slowdown, besideMs }).drainedMs < observed.drainedMs)
      low = slowdown;
    else high = slowdown;
  }
  return Math.sqrt(low * high);
}

function sharesOf(records: readonly ImageRecord[]): Map<string, number> {
  const groups = Map.groupBy(records, (record) => record.model!.variant);
  return new Map([...groups].map(([name, group]) => [name, group.length / records.length]));
}

/** The part of the images that would have to be counted under another variant for the two to agree. */
function apart(observed: ReadonlyMap<string, number>, { variants: simulated }: SimulationResult): number {
  const of = (name: string) => simulated.find((each) => each.variant === name)?.share ?? 0;
  return variants.reduce(
    (sum, { variant }: Variant) => sum + Math.abs((observed.get(variant) ?? 0) - of(variant)) / 2,
    0,
  );
}

function keyOf({ image }: ImageRecord): string {
  return 'key' in image ? image.key : '';
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}

function printRun(name: string, observed: Observed, simulated: SimulationResult): void {
  const percent = (share: number) => `${(share * 100).toFixed(0)}%`;
  const mix = (shares: Iterable<readonly [string, number]>) =>
    [...shares].map(([each, share]) => `${each} ${percent(share)}`).join(', ');
  print(
    `${name}: drained in ${(observed.drainedMs / 1000).toFixed(1)} s, simulated ${(simulated.drainedMs / 1000).toFixed(1)} s`,
  );
  print(
    `  ${mix(observed.shares)}; simulated ${mix(simulated.variants.map(({ variant, share }) => [variant, share]))}`,
  );
}

try {
  print(JSON.stringify(machine()));
  const fitted = await observe(FITTED);
  const figures = fitFigures(fitted);
  const { slowdown, besideMs } = figures;
  print(
    `fitted: everything takes ${slowdown.toFixed(2)} times what the profile says, and an image ${besideMs} ms beside it`,
  );
  printRun('fitted', fitted, simulate(FITTED, fitted, { measured: fitted, ...figures }));
  const predicted = await observe(PREDICTED);
  const simulated = simulate(PREDICTED, predicted, { measured: fitted, ...figures });
  printRun('predicted', predicted, simulated);
  conclude('fleet', { ...figures, observedMs: predicted.drainedMs, simulatedMs: simulated.drainedMs }, [
    {
      what: 'time to drain, simulated over observed',
      value: simulated.drainedMs / predicted.drainedMs,
      atLeast: 1 - WITHIN,
      atMost: 1 + WITHIN,
    },
    { what: 'images under another variant than simulated', value: apart(predicted.shares, simulated), atMost: WITHIN },
  ]);
} finally {
  fs.rmSync(models, { recursive: true, force: true });
}
