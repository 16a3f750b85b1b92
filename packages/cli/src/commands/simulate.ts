import type { FunctionSize } from '@tagmill/costs';
import { AWS_LIMITS, makeTrace, type SimulationResult, simulateFleet, type TraceName } from '@tagmill/fleet-simulator';
import { always, LatencyModel, loadProfiles, nearestProfile, thisMachine } from '@tagmill/variants';
import { randomLcg } from 'd3-random';
import {
  type CatalogueOptions,
  chosenVariants,
  modelDirectories,
  openCatalogue,
  type VariantChoice,
} from '../catalogues.ts';
import { plotSimulation } from '../simulation/plot.ts';
import { describeSimulation } from '../simulation/text.ts';

export interface SimulateCommandOptions extends CatalogueOptions, VariantChoice, Pick<FunctionSize, 'architecture'> {
  trace: TraceName;
  images: number;
  maxConcurrency?: number;
  batchSize: number;
  memory: number;
  budget: number;
  targetAge: number;
  fetch: number;
  store: number;
  coldStart: number;
  seed: number;
  plot?: string;
  json?: boolean;
}

/** As infra/options.ts has them by default: for new images, and for a backfill. */
const MAX_CONCURRENCY = { notification: 6, backfill: 2 };
const MAX_RECEIVE_COUNT = 10;
const IN_FLIGHT = 4;
/** infra/constructs/image-queues.ts */
const RETENTION_MS = 7 * 24 * 60 * 60 * 1000;

/** A typical photo: docs/decisions/08-table.md has what it writes and keeps. */
const SOURCE = { format: 'jpeg', progressive: false, width: 2048, height: 1536 };
const WRITE_UNITS = 4;
const STORED_BYTES = 1900;

/** `tagmill simulate`: the pipeline on AWS with very many images, from this machine's latency profile or the closest one. */
export async function simulate(options: SimulateCommandOptions): Promise<void> {
  const random = randomLcg(options.seed / 2 ** 32);
  const trace = makeTrace(options.trace, options.images, random);
  const maxConcurrency = options.maxConcurrency ?? MAX_CONCURRENCY[trace.origin];
  const nearest = nearestProfile(await loadProfiles(modelDirectories(options)), thisMachine());
  const result = simulateFleet({
    trace,
    limits: AWS_LIMITS,
    size: { memoryMb: options.memory, architecture: options.architecture },
    batchSize: options.batchSize,
    maxConcurrency,
    retentionMs: RETENTION_MS,
    maxReceiveCount: MAX_RECEIVE_COUNT,
    policy: {
      variants: chosenVariants(await openCatalogue(options), options),
      model: new LatencyModel(nearest),
      targetAgeMs: options.targetAge * 1000,
      latencyBudgetMs: options.budget,
      maxInFlight: IN_FLIGHT,
    },
    workload: {
      source: SOURCE,
      fetchMs: always(options.fetch),
      storeMs: always(options.store),
      writeUnits: WRITE_UNITS,
      storedBytes: STORED_BYTES,
      slowdown: 1,
    },
    coldStartMs: options.coldStart,
    random,
  });
  if (options.plot !== undefined) await plotSimulation(options.plot, options.trace, result);
  process.stdout.write(options.json ? asJson(options, maxConcurrency, result) : describeSimulation(result));
  process.stderr.write(
    `Processor time: the latency profile's, ${nearest.profile.machine.processor}. Assumed, not measured on AWS: fetching ${options.fetch} ms, ` +
      `storing ${options.store} ms, a cold start ${options.coldStart} ms, a photo of ${SOURCE.width} x ${SOURCE.height} pixels with ${WRITE_UNITS} write units.\n`,
  );
}

function asJson(
  { models, plot, json, ...options }: SimulateCommandOptions,
  maxConcurrency: number,
  result: SimulationResult,
) {
  return `${JSON.stringify({ options: { ...options, maxConcurrency }, ...result }, null, 2)}\n`;
}
