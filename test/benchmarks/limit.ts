/**
 * `tagmill tag` against a limit: what decoding the same photos into the network's input takes alone, and ONNX Runtime alone to
 * run it, each on all cores, with everything else done beforehand. Both run on the thread that asks for them, at least in part,
 * so that there is one for each core.
 *
 *   npm run bench -- limit [--photos N] [--large N] [--rounds N]
 *
 * Three times as many photos are tagged as well. The difference is the command without its start, as an owner of a million photos sees
 * it.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Variant } from '@tagmill/core';
import { Tagger } from '@tagmill/tagger';
import pMap from 'p-map';
import { tagmill } from '../helpers/command.ts';
import { startThreads } from './alone/threads.ts';
import { type Bound, conclude, machine, print, timeInterleaved } from './harness.ts';
import { benchmarkModels } from './inputs/models.ts';
import { photoFolder } from './inputs/photos.ts';

const { values } = parseArgs({
  options: {
    photos: { type: 'string', default: '1000' },
    large: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '5' },
  },
});
const rounds = { warmUp: 1, iterations: Number(values.rounds) };
const CORES = os.availableParallelism();
const SIZES = [
  {
    name: '500 px',
    width: 500,
    height: 375,
    count: Number(values.photos),
    different: Math.min(200, Number(values.photos)),
  },
  { name: '12 megapixels', width: 4000, height: 3000, count: Number(values.large), different: 24 },
];

/** How many times as many photos show what the command takes without its start. */
const MORE = 3;

/** Of the limit, without the start. */
const GOAL = 0.9;

const { catalogue, options, float32, int8 } = await benchmarkModels();
const tagger = new Tagger({ onnx: (each) => catalogue.onnx(each), labels: (each) => catalogue.labels(each) });

async function against(variant: Variant, { name, ...size }: (typeof SIZES)[number]) {
  const folder = await photoFolder(size);
  const more = await photoFolder({ ...size, count: MORE * size.count });
  const files = fs.readdirSync(folder).map((file) => fs.readFileSync(path.join(folder, file)));
  const photos = await pMap(files, async (bytes) => ({ bytes, header: await tagger.inspect(bytes) }));
  const threads = await startThreads(CORES, { variant, onnx: await catalogue.onnx(variant), photos });

  const command = (where: string) => async () => {
    const { code, stderr } = tagmill('tag', where, '--variant', variant.variant, '--format', 'jsonl', ...options);
    if (code !== 0) throw new Error(stderr);
  };
  const timings = await timeInterleaved(
    {
      decoding: () => threads.run('decode'),
      inference: () => threads.run('infer'),
      tagmill: command(folder),
      more: command(more),
    },
    rounds,
  );
  await threads.end();
  const { decoding, inference, tagmill: whole, more: wholeOfMore } = timings;
  const limitMs = (decoding.p50 + inference.p50) / size.count;
  const steadyMs = (wholeOfMore.p50 - whole.p50) / ((MORE - 1) * size.count);
  const startMs = whole.p50 - steadyMs * size.count;
  const perSecond = (ms: number) => `${(1000 / ms).toFixed(0).padStart(5)} images a second`;
  print(`\n${variant.variant}, ${size.count} photos of ${name}; p50 of ${rounds.iterations}, warm-up ${rounds.warmUp}`);
  print(`decoding alone, on ${CORES} cores:   ${perSecond(decoding.p50 / size.count)}`);
  print(`inference alone, on ${CORES} cores:  ${perSecond(inference.p50 / size.count)}`);
  print(
    `the limit, one after the other:     ${perSecond(limitMs)}, ${((100 * decoding.p50) / (decoding.p50 + inference.p50)).toFixed(0)}% of it decoding`,
  );
  print(
    `tagmill tag, the whole process:     ${perSecond(whole.p50 / size.count)}, ${((100 * limitMs * size.count) / whole.p50).toFixed(0)}% of the limit`,
  );
  print(
    `the same without its ${startMs.toFixed(0)} ms of start: ${perSecond(steadyMs)}, ${((100 * limitMs) / steadyMs).toFixed(0)}% of the limit`,
  );
  const shares = { whole: (limitMs * size.count) / whole.p50, steady: limitMs / steadyMs };
  return { variant: variant.variant, size: name, ...size, timings, limitMs, steadyMs, startMs, shares };
}

print(JSON.stringify(machine()));
const results = [];
for (const size of SIZES) for (const variant of [float32, int8]) results.push(await against(variant, size));
await tagger.close();

const bounds = results
  .filter(({ variant }) => variant === float32.variant)
  .map(
    ({ size, shares }): Bound => ({
      what: `${size}: share of the limit, without the start`,
      value: shares.steady,
      atLeast: GOAL,
    }),
  );
conclude('limit', { rounds, results }, bounds);
