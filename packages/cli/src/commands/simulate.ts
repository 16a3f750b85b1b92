import { MESSAGE_RETENTION_DAYS, parseStackOptions, type StackOptions } from '@tagmill/cdk/options';
import { type FunctionSize, TYPICAL_STORAGE } from '@tagmill/costs';
import {
  AWS_LIMITS,
  makeTrace,
  type SimulationResult,
  simulateFleet,
  type Trace,
  type TraceName,
} from '@tagmill/fleet-simulator';
import {
  constantDistribution,
  describeMachine,
  findNearestProfile,
  LatencyModel,
  loadProfiles,
  MAX_IN_FLIGHT,
  TYPICAL_PHOTO,
} from '@tagmill/policy';
import { randomLcg } from 'd3-random';
import {
  type CatalogueOptions,
  chosenVariants,
  modelDirectories,
  openCatalogue,
  type VariantChoice,
} from '../models/catalogues.ts';
import { plotSimulation } from '../simulation/plot.ts';
import { describeSimulation } from '../simulation/text.ts';

/** What a stack decides: as it is by default, where it isn't said. */
interface StackChoices extends Pick<FunctionSize, 'architecture'> {
  maxConcurrency: number;
  batchSize: number;
  memory: number;
  budget: number;
  targetAge: number;
}

export interface SimulateCommandOptions extends CatalogueOptions, VariantChoice, Partial<StackChoices> {
  trace: TraceName;
  images: number;
  fetch: number;
  store: number;
  coldStart: number;
  seed: number;
  plot?: string;
  json?: boolean;
}

const RETENTION_MS = MESSAGE_RETENTION_DAYS * 24 * 60 * 60 * 1000;

/** `tagmill simulate`: the pipeline on AWS with very many images, from this machine's latency profile or the closest one. */
export async function simulate(given: SimulateCommandOptions): Promise<void> {
  const random = randomLcg(given.seed / 2 ** 32);
  const trace = makeTrace(given.trace, given.images, random);
  const stack = parseStackOptions({});
  const options = { ...defaultChoices(stack, trace.origin), ...given };
  const nearest = findNearestProfile(await loadProfiles(modelDirectories(options)), describeMachine());
  const result = simulateFleet({
    trace,
    limits: AWS_LIMITS,
    size: { memoryMb: options.memory, architecture: options.architecture },
    batchSize: options.batchSize,
    maxConcurrency: options.maxConcurrency,
    retentionMs: RETENTION_MS,
    maxReceiveCount: stack.maxReceiveCount,
    policy: {
      variants: chosenVariants(await openCatalogue(options), options),
      model: new LatencyModel(nearest),
      targetAgeMs: options.targetAge * 1000,
      latencyBudgetMs: options.budget,
      maxInFlight: MAX_IN_FLIGHT,
    },
    workload: {
      source: TYPICAL_PHOTO,
      fetchMs: constantDistribution(options.fetch),
      storeMs: constantDistribution(options.store),
      ...TYPICAL_STORAGE,
      slowdown: 1,
    },
    coldStartMs: options.coldStart,
    random,
  });
  if (options.plot !== undefined) await plotSimulation(options.plot, options.trace, result);
  process.stdout.write(options.json ? asJson(options, result) : describeSimulation(result));
  process.stderr.write(
    `Processor time: the latency profile's, ${nearest.profile.machine.processor}. Assumed, not measured on AWS: fetching ${options.fetch} ms, ` +
      `storing ${options.store} ms, a cold start ${options.coldStart} ms, a photo of ${TYPICAL_PHOTO.width} x ${TYPICAL_PHOTO.height} pixels with ${TYPICAL_STORAGE.writeUnits} write units.\n`,
  );
}

function defaultChoices(stack: StackOptions, origin: Trace['origin']): StackChoices {
  if (stack.latencyBudgetMs === 'none') throw new TypeError('A stack has a latency budget by default');
  return {
    architecture: stack.architecture,
    maxConcurrency: origin === 'backfill' ? stack.backfillMaxConcurrency : stack.maxConcurrency,
    batchSize: stack.batchSize,
    memory: stack.memoryMb,
    budget: stack.latencyBudgetMs,
    targetAge: stack.queueTargetAgeSeconds,
  };
}

function asJson({ models, plot, json, ...options }: SimulateCommandOptions, result: SimulationResult): string {
  return `${JSON.stringify({ options, ...result }, null, 2)}\n`;
}
