import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SQSClient } from '@aws-sdk/client-sqs';
import { ACCOUNT, CREDENTIALS, REGION } from './constants.ts';
import { lockDataDirectory } from './data-directory.ts';
import { type DynamoDbThrottle, startDynamoDb } from './dynamodb.ts';
import { LocalStackError } from './errors.ts';
import { type PhysicalResource, resolveIntrinsics, type Scope } from './intrinsics.ts';
import { serveLambdaApi } from './lambda-api.ts';
import { creationOrder } from './order.ts';
import { isEmulated, parseProperties, type ResourceType } from './resource-schemas.ts';
import { invokedPool, MAKERS, type Machinery } from './resources.ts';
import { type S3, startS3 } from './s3/server.ts';
import type { S3Fault } from './s3/service.ts';
import { type Sqs, startSqs } from './sqs/server.ts';
import { readStack, readTemplate, type SynthesizedStack } from './template.ts';

export interface LocalStackOptions {
  /** A template, as JSON: one that `cdk synth` wrote, or one whose functions have a folder as their `Code`. */
  template?: string;
  /** All that `cdk synth` wrote, instead. */
  assemblyDirectory?: string;
  /** Of an assembly; may be left out where there is one stack. */
  stackName?: string;
  /** Any free one where absent. */
  ports?: LocalStackPorts;
  /** Where objects, messages and items are kept from one start to the next; in memory if there is none. */
  dataDirectory?: string;
  /** Batches in flight for an event source, and requests for a URL: by default one a core, two at least. */
  maxConcurrency?: number;
  /** Told of what goes wrong: a batch that comes again, a function that was killed. */
  log?: (line: string) => void;
  /** Told of what the functions write. */
  functionLog?: (line: string) => void;
  /** What may go wrong in the cloud, made to go wrong here. */
  faults?: Faults;
}

export interface LocalStackPorts {
  /** Of the function URL. */
  url?: number;
  s3?: number;
  sqs?: number;
  dynamodb?: number;
  lambda?: number;
}

export interface Faults {
  /** How one notification of S3 is delivered: after how many milliseconds, each time. `[0]` is once and at once. */
  deliveries?: () => readonly number[];
  s3?: S3Fault;
  /** Which requests DynamoDB puts off. */
  dynamodb?: DynamoDbThrottle;
  /** What memory a function's next process has, in MB, if not what the template gives it: too little, and it is killed. */
  memoryMb?: () => number | undefined;
}

export interface LocalStack {
  endpoints: { s3: string; sqs: string; dynamodb: string; lambda: string };
  /** The stack's outputs. */
  outputs: Readonly<Record<string, string>>;
  resources: ReadonlyMap<string, PhysicalResource>;
  /** Resources that mean nothing here. */
  skipped: readonly { id: string; type: string }[];
  /** Where this differs from what is deployed. */
  notes: readonly string[];
  /** Process ids of a function's environments, by the function's logical id. */
  processes(logicalId: string): number[];
  /** Stops everything, and waits until every process has ended. */
  close(): Promise<void>;
}

const SWEEP_INTERVAL_MS = 60_000;

/**
 * Starts what a synthesized template describes, on this machine and on loopback only.
 *
 * @throws {LocalStackError} `unsupported-resource` for a type, a property or an intrinsic function that isn't known here;
 * `not-found` or `invalid-argument` if the template can't be read.
 *
 * @example
 * const stack = await startLocalStack({ template: 'cdk.out/Photos.template.json' });
 * const s3 = new S3Client({ endpoint: stack.endpoints.s3, … });
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const stack = await readOne(options);
  const ends: Ends = { emulators: new AsyncDisposableStack(), closes: [] };
  try {
    return await makeResources(stack, await startMachinery(stack, options, ends));
  } catch (error) {
    await closeAll(ends);
    throw error;
  }
}

function readOne({ template, assemblyDirectory, stackName }: LocalStackOptions): Promise<SynthesizedStack> {
  if (template !== undefined && assemblyDirectory === undefined) return readTemplate(template);
  if (template === undefined && assemblyDirectory !== undefined) return readStack(assemblyDirectory, stackName);
  throw new LocalStackError('invalid-argument', 'Give template or assemblyDirectory: one of them');
}

/** What has to be closed, as far as it was started. */
type Ends = Pick<Machinery, 'emulators' | 'closes'>;

async function startMachinery(
  { name, assets }: SynthesizedStack,
  options: LocalStackOptions,
  ends: Ends,
): Promise<Machinery> {
  const { ports = {}, dataDirectory, log = ignore, functionLog = ignore, faults = {} } = options;
  const { emulators } = ends;
  if (dataDirectory !== undefined) emulators.defer(lockDataDirectory(dataDirectory));
  const keep = async (part: string) => {
    if (dataDirectory === undefined) return {};
    const directory = path.resolve(dataDirectory, part);
    await fs.mkdir(directory, { recursive: true });
    return { dataDirectory: directory };
  };
  const sqs: Sqs = await startSqs({ port: ports.sqs ?? 0, log, ...(await keep('sqs')) });
  emulators.defer(() => sqs.close());
  const late = new Set<NodeJS.Timeout>();
  emulators.defer(() => late.forEach(clearTimeout));
  const send = (queueArn: string, body: string) => {
    for (const delayMs of faults.deliveries?.() ?? [0]) {
      if (delayMs === 0) sqs.sendMessage(queueArn, body);
      else late.add(setTimeout(() => sqs.sendMessage(queueArn, body), delayMs).unref());
    }
  };
  const s3: S3 = await startS3({
    port: ports.s3 ?? 0,
    notifications: { send, hasQueue: (queueArn) => sqs.hasQueue(queueArn) },
    fault: faults.s3,
    log,
    ...(await keep('objects')),
  });
  emulators.defer(() => s3.close());
  const dynamodb = await startDynamoDb({
    port: ports.dynamodb ?? 0,
    ...(faults.dynamodb ? { throttle: faults.dynamodb } : {}),
    ...(await keep('dynamodb')),
  });
  emulators.defer(() => dynamodb.close());
  const sqsClient = new SQSClient({ endpoint: sqs.endpoint, region: REGION, credentials: CREDENTIALS });
  emulators.defer(() => sqsClient.destroy());
  const machinery: Machinery = {
    ...ends,
    stackName: name,
    s3,
    dynamodb,
    sqs,
    sqsClient,
    assets,
    environment: {
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      AWS_ENDPOINT_URL_S3: s3.endpoint,
      AWS_ENDPOINT_URL_SQS: sqs.endpoint,
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
    },
    maxConcurrency: options.maxConcurrency ?? Math.max(2, os.availableParallelism()),
    urlPort: ports.url ?? 0,
    memoryFault: faults.memoryMb,
    functions: new Map(),
    invoked: new Map(),
    pools: new Map(),
    starts: [],
    timeToLive: [],
    notes: [
      'not emulated: permissions, throttling, encryption, index lag, freezing between invocations',
      'no effect: lifecycle rules, point-in-time recovery, reserved concurrency, CORS of the function URL; time to live is swept every minute',
      'functions run on the architecture of this machine',
      'no schedules and state machines: nobody calls what those would, unless by the API of Lambda',
    ],
    log,
    functionLog,
    lambdaEndpoint: '',
  };
  const poolOfName = (functionName: string) => invokedPool(functionName, machinery);
  const lambda = await serveLambdaApi({ port: ports.lambda ?? 0, poolOf: poolOfName });
  machinery.closes.push(lambda.close);
  machinery.lambdaEndpoint = lambda.endpoint;
  return machinery;
}

async function makeResources({ name, template }: SynthesizedStack, machinery: Machinery): Promise<LocalStack> {
  const resources = new Map<string, PhysicalResource>();
  const scope: Scope = { parameters: parametersOf(name, template.Parameters), resources };
  const skipped: { id: string; type: string }[] = [];
  for (const id of creationOrder(template.Resources)) {
    const { Type, Properties, Condition } = template.Resources[id]!;
    if (isEmulated(Type, id)) {
      if (Condition) throw new LocalStackError('unsupported-resource', `${id}: the local stack knows no conditions`);
      resources.set(id, { type: Type, ...(await make(Type, id, resolveIntrinsics(Properties, scope), machinery)) });
    } else {
      skipped.push({ id, type: Type });
      // Others may name it; what they name means nothing here either.
      resources.set(id, { type: Type, physicalId: id, attributes: { Arn: `arn:aws:skipped:::${id}` } });
    }
  }
  const outputs = Object.entries(template.Outputs).map(([key, { Value }]) => [
    key,
    String(resolveIntrinsics(Value, scope)),
  ]);

  for (const start of machinery.starts) start();
  machinery.s3.tellRest();
  const closingDown = new AbortController();
  const sweeps = sweepFromTimeToTime(machinery, closingDown.signal);
  machinery.closes.push(() => {
    closingDown.abort();
    return sweeps;
  });

  let closing: Promise<void> | undefined;
  return {
    endpoints: {
      s3: machinery.s3.endpoint,
      sqs: machinery.sqs.endpoint,
      dynamodb: machinery.dynamodb.endpoint,
      lambda: machinery.lambdaEndpoint,
    },
    outputs: Object.fromEntries(outputs),
    resources,
    skipped,
    notes: machinery.notes,
    processes: (logicalId) =>
      (machinery.pools.get(resources.get(logicalId)?.physicalId ?? '') ?? []).flatMap(({ pids }) => pids),
    close: () => {
      closing ??= closeAll(machinery);
      return closing;
    },
  };
}

/** One sweep after another: a large table takes longer than the interval. */
async function sweepFromTimeToTime({ timeToLive, dynamodb, log }: Machinery, signal: AbortSignal): Promise<void> {
  const interval = () => delay(SWEEP_INTERVAL_MS, true, { signal, ref: false }).catch(() => false);
  while (await interval()) {
    for (const each of timeToLive) {
      await dynamodb.sweep(each, new Date(), signal).catch((error) => log(`Time to live: ${error}`));
    }
  }
}

function make<Type extends ResourceType>(type: Type, id: string, properties: unknown, machinery: Machinery) {
  return MAKERS[type](id, parseProperties(type, id, properties), machinery);
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
function parametersOf(stackName: string, declared: Readonly<Record<string, { Default: unknown }>>) {
  const defaults = Object.entries(declared).map(([name, { Default }]) => [name, Default] as const);
  return new Map<string, unknown>([
    ...defaults,
    ['AWS::AccountId', ACCOUNT],
    ['AWS::Region', REGION],
    ['AWS::Partition', 'aws'],
    ['AWS::URLSuffix', 'amazonaws.com'],
    ['AWS::StackName', stackName],
    ['AWS::StackId', `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${stackName}/local`],
    ['AWS::NoValue', undefined],
  ]);
}

function ignore(): void {}

/** All at once, since mappings wait for batches that functions hold; then the emulators that both use. */
async function closeAll({ closes, emulators }: Ends): Promise<void> {
  await Promise.all(closes.map((close) => close()));
  await emulators.disposeAsync();
}
