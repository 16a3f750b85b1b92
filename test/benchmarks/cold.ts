/**
 * A cold start of the bundled function that tags, stage by stage: from the start of its process to its first tagged image. Each
 * iteration is a new process. S3 and DynamoDB are emulated in this process; what fetching from the one and storing in the
 * other takes is printed, and no part of the bound. By turns with a bare script: the least that tags a photo.
 *
 *   npm run bench -- cold [--iterations N]
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { LARGE_PAGES } from '@tagmill/core';
import { TagStore } from '@tagmill/tag-store';
import { makeSamplePhoto } from '@tagmill/tagger';
import { loadCatalogue } from '@tagmill/variants';
import { bundlePath } from '../../infra/bundles.ts';
import { startDynamo } from '../../packages/tag-store/test/temporary-table.ts';
import { startAws } from '../helpers/aws.ts';
import { ROOT } from '../helpers/command.ts';
import { conclude, machine, percentiles, print } from './harness.ts';

const { values } = parseArgs({ options: { iterations: { type: 'string', default: '20' } } });
const rounds = { warmUp: 1, iterations: Number(values.iterations) };
const VARIANT = 'everyday/0.5-128';
const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:images';
const KEY = 'photo.jpg';

/** One variant, and what the stack chooses from unless it is told otherwise: the family, with its default budget. */
const FAMILY = 'the everyday family';
const BARE = `a bare script, ${VARIANT}`;

const bundles = fs.mkdtempSync(path.join(os.tmpdir(), 'cold-'));
const architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64';
const build = path.join(ROOT, 'infra/build-functions.ts');
const { status, stderr } = spawnSync(process.execPath, [build, '--out', bundles], { encoding: 'utf8' });
if (status !== 0) throw new Error(stderr);
const bundle = bundlePath('tag-images', { bundles, platform: process.platform, architecture });
/** As the build says it. */
const zippedMb = Number(/tag-images: .* zipped ([\d.]+) MiB/.exec(stderr)![1]) * (2 ** 20 / 1e6);

const [dynamo, aws] = await Promise.all([startDynamo(), startAws()]);
aws.createBucket('photos');
const queue = aws.createQueue('images');
const photo = await makeSamplePhoto({ width: 500, height: 375, format: 'jpeg' });
const uploaded = await fetch(`${aws.s3}/photos/${KEY}`, { method: 'PUT', body: new Uint8Array(photo) });
if (!uploaded.ok) throw new Error(await uploaded.text());

const catalogue = await loadCatalogue({ directories: [path.join(ROOT, 'models')] });
const variant = catalogue.find(VARIANT);
const files = fs.mkdtempSync(path.join(os.tmpdir(), 'cold-files-'));
const [ONNX, PHOTO] = ['model.onnx', KEY].map((name) => path.join(files, name)) as [string, string];
fs.writeFileSync(ONNX, await catalogue.onnx(variant));
fs.writeFileSync(PHOTO, photo);

interface Marks {
  at: { started: number; initialized: number; tagged: number; done: number };
  /** Until the image was tagged. */
  spent: { onnxruntime: number; sharp: number; sessions: number };
  /** Until it was tagged, and until the handler ended. */
  peakMb: number;
  endMb: number;
  /** As its metrics have it: the record, which is written before, can't. */
  storeMs: number;
}

/** Milliseconds, and megabytes, by what they are of. */
type Stages = Readonly<Record<string, number>>;

const [WHOLE, PEAK] = ['in all, without fetching and storing', 'peak memory, MB'] as const;

async function coldStart(loads: Record<string, string>): Promise<Stages> {
  const TABLE_NAME = await dynamo.createTable();
  const environment = {
    PATH: process.env.PATH,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
    AWS_ENDPOINT_URL_S3: aws.s3,
    AWS_ENDPOINT_URL_SQS: aws.sqs,
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
    TABLE_NAME,
    QUEUE_URL: queue,
    BACKFILL_QUEUE_URL: queue,
    MODELS_DIRECTORY: 'models',
    ...loads,
    QUEUE_TARGET_AGE_SECONDS: '300',
    // The stack's default: it decides which variant is loaded first.
    LATENCY_BUDGET_MS: '500',
    TOP_N: '5',
    MIN_CONFIDENCE: '0.1',
    MAX_BYTES: String(64 * 2 ** 20),
    MAX_PIXELS: '200000000',
    MAX_RECEIVE_COUNT: '10',
    POWERTOOLS_SERVICE_NAME: 'tag-images',
    POWERTOOLS_METRICS_NAMESPACE: 'tagmill',
    ...LARGE_PAGES,
    LAMBDA_TASK_ROOT: bundle,
    EVENT: JSON.stringify(event()),
  };
  const { spawned, answer } = await started<Marks>('cold/run-handler.mjs', environment, bundle);
  const { at, spent, peakMb, endMb, storeMs } = answer;
  const record = await new TagStore({ client: dynamo.client, tableName: TABLE_NAME }).readRecord({
    bucket: 'photos',
    key: KEY,
  });
  const { fetchMs = 0, decodeMs, inferMs } = record!.timings!;
  const initialization = at.initialized - at.started;
  const handling = at.tagged - at.initialized;
  return {
    node: at.started - spawned,
    onnxruntime: spent.onnxruntime,
    sharp: spent.sharp,
    sessions: spent.sessions,
    'code, catalogue, weights': initialization - spent.onnxruntime - spent.sharp - spent.sessions,
    'first decoding': decodeMs,
    'first inference': inferMs,
    'rest of the handler': handling - fetchMs - decodeMs - inferMs - storeMs,
    [WHOLE]: at.tagged - spawned - fetchMs - storeMs,
    'fetching from the emulator': fetchMs,
    'storing in the emulator': storeMs,
    'loading other variants afterwards': at.done - at.tagged,
    [PEAK]: peakMb,
    'peak memory with all variants, MB': endMb,
  };
}

function event() {
  const s3 = { bucket: { name: 'photos' }, object: { key: KEY, sequencer: '01' } };
  return {
    Records: [
      {
        messageId: 'one',
        receiptHandle: 'handle',
        body: JSON.stringify({ Records: [{ eventName: 'ObjectCreated:Put', s3 }] }),
        attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(Date.now()) },
        eventSourceARN: QUEUE_ARN,
      },
    ],
  };
}

async function bareScript(): Promise<Stages> {
  const SIDE = String(variant.preprocessing.inputSize);
  const environment = { PATH: process.env.PATH, ONNX, SIDE, PHOTO };
  const { spawned, answer } = await started<{ at: number; peakMb: number }>('cold/bare.mjs', environment);
  return { [WHOLE]: answer.at - spawned, [PEAK]: answer.peakMb };
}

/** Runs a script in a new process. @returns when that was asked for, in milliseconds since the epoch, and what it said. */
async function started<Answer>(script: string, env: NodeJS.ProcessEnv, cwd: string = ROOT) {
  const spawned = performance.timeOrigin + performance.now();
  const child = spawn(process.execPath, [path.join(import.meta.dirname, script)], {
    cwd,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  if (code !== 0) throw new Error(said);
  return { spawned, answer: JSON.parse(said) as Answer };
}

const STARTS: Readonly<Record<string, () => Promise<Stages>>> = {
  [VARIANT]: () => coldStart({ VARIANT }),
  [FAMILY]: () => coldStart({ FAMILY: 'everyday' }),
  [BARE]: bareScript,
};
const samples = new Map<string, Stages[]>(Object.keys(STARTS).map((name) => [name, []]));
for (let round = -rounds.warmUp; round < rounds.iterations; round++) {
  for (const [name, all] of samples) {
    const stages = await STARTS[name]!();
    if (round >= 0) all.push(stages);
  }
}
await Promise.all([dynamo.close(), aws.close()]);
for (const directory of [bundles, files]) fs.rmSync(directory, { recursive: true });

print(JSON.stringify(machine()));
print(`A photo of 500 x 375 px; new processes: ${rounds.iterations}, warm-up ${rounds.warmUp}; milliseconds`);
print(`The bundle is ${zippedMb.toFixed(1)} MB zipped`);
const results = Object.fromEntries(
  [...samples].map(([name, all]) => {
    const stages = Object.keys(all[0]!);
    const timings = Object.fromEntries(stages.map((stage) => [stage, percentiles(all.map((each) => each[stage]!))]));
    print(`\n${name}`);
    for (const [stage, { p50, p95 }] of Object.entries(timings)) {
      print(`  ${stage.padEnd(38)} p50 ${p50.toFixed(1).padStart(6)}  p95 ${p95.toFixed(1).padStart(6)}`);
    }
    return [name, timings];
  }),
);

const of = (name: string, stage: string) => results[name]![stage]!.p50;
for (const name of [VARIANT, FAMILY]) {
  print(`${name}: ${(of(name, WHOLE) / of(BARE, WHOLE)).toFixed(2)} of the time of ${BARE}`);
}
conclude('cold', { rounds, zippedMb, results }, [
  { what: `${VARIANT}: to the first tagged image, p50, ms`, value: of(VARIANT, WHOLE), atMost: 250 },
  { what: `${FAMILY}: to the first tagged image, p50, ms`, value: of(FAMILY, WHOLE), atMost: 300 },
  { what: `${VARIANT}: peak memory, p50, MB`, value: of(VARIANT, PEAK), atMost: 200 },
  { what: `${FAMILY}: peak memory to the first tagged image, p50, MB`, value: of(FAMILY, PEAK), atMost: 250 },
  { what: 'bundle zipped, MB', value: zippedMb, atMost: 50 },
]);
