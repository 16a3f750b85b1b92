/**
 * Tagging a folder of photos, from the start of a process to its end: `tagmill tag` beside what a user might pick instead, with the
 * same weights: transformers.js as it comes, in batches of 16, its best; transformers.js that is fed with images scaled by
 * sharp, as somebody does who knows that a JPEG can be decoded at a reduced size; TensorFlow.js on WebAssembly, fed likewise.
 * TensorFlow.js' own decoder for Node is part of its native build, which is another thing.
 *
 *   npm run bench -- tag [--photos N] [--large N] [--rounds N]
 *
 * Everything is run by turns, nothing is fetched while it runs. What each says is compared with what tagmill's float32 says.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import type { Variant } from '@tagmill/core';
import { median, sum } from 'simple-statistics';
import { computesExactly } from '../../packages/tagger/src/inference/exact-int8.ts';
import { parseJsonl, ROOT } from '../helpers/command.ts';
import { type Bound, conclude, machine, percentiles, print, processorMsOfChildren } from './harness.ts';
import { benchmarkModels } from './inputs/models.ts';
import { photoFolder } from './inputs/photos.ts';
import { installRivals } from './rivals/install.ts';
import { writeTfjsModel, writeTransformersModel } from './rivals/networks.ts';

const { values } = parseArgs({
  options: {
    photos: { type: 'string', default: '1000' },
    large: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '3' },
  },
});
const ROUNDS = Number(values.rounds);
const SIZES = [
  { name: '500 px', width: 500, height: 375, count: Number(values.photos), different: Number(values.photos) },
  { name: '12 megapixels', width: 4000, height: 3000, count: Number(values.large), different: 24 },
];

/** How many times as fast as transformers.js as it comes: the project's goals, for a thousand photos on an idle machine. */
const GOALS: Record<string, { float32: number; int8: number }> = {
  '500 px': { float32: 3, int8: 4 },
  '12 megapixels': { float32: 15, int8: 15 },
};

const TAGMILL = ['tagmill, float32', 'tagmill, int8'] as const;
const PLAIN = 'transformers.js, float32';
const FED_BY_SHARP = `${PLAIN}, fed by sharp`;

interface Records {
  image: { path: string };
  tags: { name: string }[];
  timings: { decodeMs: number; inferMs: number };
}

interface Run {
  seconds: number;
  /** Of processor time, of both cores together. */
  processorMs: number | undefined;
  /** By file name. */
  best: ReadonlyMap<string, string>;
  /** Of the time of decoding and inference together. */
  decodeShare?: number;
}

type Contender = (folder: string) => Promise<Run>;

const rivals = installRivals();
const { catalogue, options, float32, int8 } = await benchmarkModels();
const contenders: Record<string, Contender> = {
  'tagmill, float32': tagmillWith(float32),
  'tagmill, int8': tagmillWith(int8),
  ...(await rivalsWith()),
};

function tagmillWith({ variant }: Variant): Contender {
  const command = path.join(ROOT, 'packages/cli/bin/tagmill.js');
  const asked = ['--variant', variant, '--top', '1', '--min-confidence', '0', '--format', 'jsonl', ...options];
  return async (folder) => {
    const { stdout, ...time } = await timed([command, 'tag', folder, ...asked]);
    const records = parseJsonl<Records>(stdout);
    const decodeMs = sum(records.map(({ timings }) => timings.decodeMs));
    const inferMs = sum(records.map(({ timings }) => timings.inferMs));
    const best = new Map(records.map(({ image, tags }) => [path.basename(image.path), tags[0]!.name]));
    return { ...time, best, decodeShare: decodeMs / (decodeMs + inferMs) };
  };
}

async function rivalsWith(): Promise<Record<string, Contender>> {
  const folder = path.join(ROOT, 'build/benchmarks/rivals/models');
  const { preprocessing } = float32;
  for (const [name, resizes] of [
    ['whole', true],
    ['scaled', false],
  ] as const) {
    const directory = path.join(folder, name);
    for (const variant of [float32, int8]) {
      const exported = { onnx: await catalogue.onnx(variant), labels: await catalogue.labels(variant), preprocessing };
      writeTransformersModel(directory, exported, { name: variant === int8 ? 'model_int8' : 'model', resizes });
      if (variant === float32) writeTfjsModel(directory, exported);
    }
    fs.writeFileSync(path.join(directory, 'preprocessing.json'), JSON.stringify(preprocessing));
  }
  const rival = (script: string, ...args: string[]): Contender => {
    const file = path.join(import.meta.dirname, 'rivals', script);
    return async (photos) => {
      const { stdout, ...time } = await timed([file, rivals, ...args, photos]);
      return { ...time, best: new Map(Object.entries<string>(JSON.parse(stdout))) };
    };
  };
  const whole = path.join(folder, 'whole');
  const scaled = path.join(folder, 'scaled');
  return {
    [PLAIN]: rival('run-transformers.ts', whole, 'fp32', 'own'),
    'transformers.js, int8': rival('run-transformers.ts', whole, 'int8', 'own'),
    [FED_BY_SHARP]: rival('run-transformers.ts', scaled, 'fp32', 'shrinking'),
    'TensorFlow.js on wasm, fed by sharp': rival('run-tfjs.ts', scaled),
  };
}

async function timed(args: readonly string[]): Promise<Omit<Run, 'best'> & { stdout: string }> {
  const before = processorMsOfChildren();
  const start = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`);
  const seconds = (performance.now() - start) / 1000;
  const processorMs = before === undefined ? undefined : processorMsOfChildren()! - before;
  return { seconds, processorMs, stdout };
}

async function race({ name, ...options }: (typeof SIZES)[number]) {
  const folder = await photoFolder(options);
  const warmUp = await photoFolder({ ...options, count: 16, different: Math.min(16, options.different) });
  // All is read once, so that no disk is measured.
  for (const file of fs.readdirSync(folder)) fs.readFileSync(path.join(folder, file));
  for (const contender of Object.values(contenders)) await contender(warmUp);
  const runs = new Map<string, Run[]>(Object.keys(contenders).map((each) => [each, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [each, contender] of Object.entries(contenders)) runs.get(each)!.push(await contender(folder));
  }
  const truth = runs.get(TAGMILL[0])![0]!.best;
  const secondsOf = (each: string) => runs.get(each)!.map(({ seconds }) => seconds);
  const ratio = (slow: string, fast: string) =>
    median(secondsOf(slow).map((seconds, round) => seconds / secondsOf(fast)[round]!));

  print(`\n${options.count} photos of ${name}, ${options.different} different ones, rounds ${ROUNDS}, ms an image`);
  print(`| what tags | p50 | p95 | of a processor | times ${TAGMILL.join(' | times ')} | same best label | decoding |`);
  print('| --- | --- | --- | --- | --- | --- | --- | --- |');
  const results = Object.keys(contenders).map((each) => {
    const [{ best, decodeShare }] = runs.get(each) as [Run];
    const msAnImage = percentiles(secondsOf(each).map((seconds) => (seconds / options.count) * 1000));
    const processorMs = median(runs.get(each)!.map((run) => (run.processorMs ?? Number.NaN) / options.count));
    const same = [...truth].filter(([file, label]) => best.get(file) === label).length / truth.size;
    const times = Object.fromEntries(TAGMILL.map((ours) => [ours, ratio(each, ours)]));
    const figures = [msAnImage.p50, msAnImage.p95, processorMs, ...Object.values(times)].map((each) => each.toFixed(2));
    const decoding = decodeShare === undefined ? '' : `${(decodeShare * 100).toFixed(0)}%`;
    print(`| ${[each, ...figures, `${(same * 100).toFixed(1)}%`, decoding].join(' | ')} |`);
    return { contender: each, msAnImage, processorMs, times, same, decodeShare };
  });
  return { size: name, ...options, results };
}

print(JSON.stringify(machine()));
print(`${float32.variant} and ${int8.variant}; ${versions()}; warm-up 16 photos each`);
const isInt8Fast = await computesExactly({});
if (!isInt8Fast)
  print('This processor saturates products of bytes: int8 runs in the precise mode, no goal is set for it');
const races = [];
for (const size of SIZES) races.push(await race(size));

const bounds: Bound[] = races.flatMap(({ size, results }) => {
  const plain = results.find(({ contender }) => contender === PLAIN)!;
  const fed = results.find(({ contender }) => contender === FED_BY_SHARP)!;
  const ours = results.find(({ contender }) => contender === TAGMILL[1])!;
  const { float32, int8 } = GOALS[size]!;
  return [
    { what: `${size}: transformers.js over tagmill, float32`, value: plain.times[TAGMILL[0]]!, atLeast: float32 },
    ...(isInt8Fast
      ? [{ what: `${size}: transformers.js over tagmill, int8`, value: plain.times[TAGMILL[1]]!, atLeast: int8 }]
      : []),
    // As it comes it scales without smoothing first, and so sees something else.
    { what: `${size}: same best label, transformers.js fed by sharp and tagmill`, value: fed.same, atLeast: 0.95 },
    { what: `${size}: same best label, int8 and float32`, value: ours.same, atLeast: 0.8 },
  ];
});
conclude('tag', { variants: [float32.variant, int8.variant], versions: versions(), rounds: ROUNDS, races }, bounds);

function versions(): string {
  const of = (folder: string, module: string) =>
    JSON.parse(fs.readFileSync(path.join(folder, 'node_modules', module, 'package.json'), 'utf8')).version;
  const named = (folder: string, modules: readonly string[]) =>
    modules.map((module) => `${module} ${of(folder, module)}`).join(', ');
  const theirs = ['@huggingface/transformers', '@tensorflow/tfjs-core', 'onnxruntime-node', 'sharp'];
  return `${named(ROOT, ['onnxruntime-node', 'sharp'])}; rivals: ${named(rivals, theirs)}`;
}
