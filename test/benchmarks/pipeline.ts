/**
 * The same photos through `Tagger` alone and through the whole local stack, by turns: what S3's, SQS's and DynamoDB's emulators, AWS's
 * clients and the function's processes add to an image. The stack starts warm; the time is from the first upload until the queue is empty.
 * Then many uploads at once.
 *
 *   npm run bench -- pipeline [--before DIR]     DIR: another checkout, whose stack takes its turns with this one's
 */
import { parseArgs } from 'node:util';
import { Tagger } from '@tagmill/tagger';
import { loadCatalogue } from '@tagmill/variants';
import pMap from 'p-map';
import { ROOT } from '../helpers/command.ts';
import { makePhotos } from '../helpers/photos.ts';
import type { Pipeline, startPipeline } from '../helpers/pipeline-stack.ts';
import { conclude, machine, print } from './harness.ts';

const PHOTOS = 300;
const ROUNDS = 4;
const AT_ONCE = 2000;
const VARIANT = 'everyday/0.5-128';
const POLL_MS = 20;

const { before } = parseArgs({ options: { before: { type: 'string' } } }).values;
const stacks = new Map<string, Pipeline>();
for (const [name, root] of Object.entries({ ...(before && { before }), stack: ROOT })) {
  const helper = (await import(`${root}/test/helpers/pipeline-stack.ts`)) as { startPipeline: typeof startPipeline };
  stacks.set(name, await helper.startPipeline({ stack: { variant: VARIANT } }));
}
const catalogue = await loadCatalogue({ directories: [`${ROOT}/models`] });
const variant = catalogue.find(VARIANT);
const tagger = new Tagger({ onnx: (each) => catalogue.onnx(each), labels: (each) => catalogue.labels(each) });
const tagAll = (photos: readonly Buffer[]) => pMap(photos, (photo) => tagger.tag(photo, variant), { concurrency: 4 });

const samples: Record<string, number[]> = {};
const burstSeconds: Record<string, number> = {};
try {
  const warmUp = await makePhotos(100, 1);
  await tagAll(warmUp);
  for (const stack of stacks.values()) await uploadAll(stack, 'warm-up', warmUp, 16);
  for (let round = 0; round < ROUNDS; round++) {
    const photos = await makePhotos(PHOTOS, 2 + round);
    await sample('alone', () => tagAll(photos));
    for (const [name, stack] of stacks) await sample(name, () => uploadAll(stack, `round-${round}`, photos, 16));
  }
  const many = await makePhotos(AT_ONCE, 100);
  for (const [name, stack] of stacks)
    burstSeconds[name] = (await timed(() => uploadAll(stack, 'at-once', many, AT_ONCE))) / 1000;
} finally {
  for (const stack of stacks.values()) await stack.close();
  await tagger.close();
}

async function sample(name: string, work: () => Promise<unknown>): Promise<void> {
  samples[name] = [...(samples[name] ?? []), (await timed(work)) / PHOTOS];
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Until no message is left, and every photo has its record. */
async function uploadAll(stack: Pipeline, folder: string, photos: readonly Buffer[], concurrency: number) {
  await pMap(photos.entries(), ([i, photo]) => stack.put(`${folder}/${i}.jpg`, photo), { concurrency });
  while ((await stack.messages(stack.outputs.QueueUrl!)) > 0) await new Promise((wake) => setTimeout(wake, POLL_MS));
  const missing = await pMap([0, photos.length - 1], (i) => stack.record(`${folder}/${i}.jpg`));
  if (missing.includes(undefined)) throw new Error(`${folder}: not every photo has its record`);
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
const alone = median(samples.alone!);
print(JSON.stringify(machine()));
print(`${VARIANT}, ${PHOTOS} photos of 160 x 120 px, ${ROUNDS} rounds by turns, medians, warm`);
print(`the tagger alone: ${alone.toFixed(2)} ms an image`);
for (const name of stacks.keys()) {
  const ms = median(samples[name]!);
  print(
    `${name}: ${ms.toFixed(2)} ms an image, ${(ms - alone).toFixed(2)} more than alone; ${AT_ONCE} at once: ${burstSeconds[name]!.toFixed(1)} s`,
  );
}
if (before) print(`stack / before: ${(median(samples.stack!) / median(samples.before!)).toFixed(2)}`);
conclude('pipeline', { photos: PHOTOS, rounds: ROUNDS, samples, burstSeconds }, [
  { what: 'overhead of the local stack, ms an image', value: median(samples.stack!) - alone, atMost: 20 },
  { what: `${AT_ONCE} uploads at once, seconds`, value: burstSeconds.stack!, atMost: 30 },
]);
