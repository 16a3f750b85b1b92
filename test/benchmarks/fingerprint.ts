/**
 * What a fingerprint costs and what it is worth. Its cost: inference with the embedding beside inference without, by turns, and the time
 * of hash and sharpness. Its worth: how well a packed embedding finds photos with the same label, beside the full features that it is
 * made of, on photos of Tiny ImageNet.
 *
 *   npm run bench -- fingerprint [--rounds N] [--images N] [--queries N]
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Variant } from '@tagmill/core';
import { readPackedImages } from '@tagmill/evaluation';
import { DEFAULT_LIMITS, decode, inspect, makeFingerprint, packEmbedding, SessionPool } from '@tagmill/tagger';
import { loadSpace } from '@tagmill/teach/space';
import { loadCatalogue } from '@tagmill/variants';
import { mean, quantile } from 'simple-statistics';
import { ROOT } from '../helpers/command.ts';
import { type Bound, conclude, machine, print, timeInterleaved } from './harness.ts';
import { recallAt } from './recall.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '1000' },
    images: { type: 'string', default: '5000' },
    queries: { type: 'string', default: '1000' },
  },
});
const DATA = path.join(ROOT, '../shared/data/tiny-imagenet');
const ROUNDS = Number(values.rounds);
const WARM_UP = 20;
const QUIET = 0.1;
const MOST_TIME = 1.03;
const MOST_RECALL_LOST = 0.02;
const NEAREST = 10;

const catalogue = await loadCatalogue({ directories: [path.join(ROOT, 'models')] });
const space = (await loadSpace('everyday', path.join(ROOT, 'models/embeddings/everyday.safetensors')))!;
const variants = catalogue.family('everyday').filter((each) => space.holds(each));
const sessions = new SessionPool({ onnx: (each) => catalogue.onnx(each) });
const { processor, cores, node } = machine();
print(`${processor}, ${cores} cores, Node ${node}; ${ROUNDS} rounds by turns, after ${WARM_UP} to warm up`);

const times = await measureTimes();
const bounds: Bound[] = [
  {
    what: "inference with an embedding over without, the variants' mean",
    value: mean(times.map(({ ratio }) => ratio)),
    atMost: MOST_TIME,
  },
];
const retrieval = fs.existsSync(DATA) ? await measureRetrieval() : undefined;
if (retrieval) {
  const lost = retrieval.full.recall - retrieval.packed.recall;
  bounds.push({ what: `recall@${NEAREST} that packing loses`, value: lost, atMost: MOST_RECALL_LOST });
} else print(`Retrieval is skipped: ${DATA} is not there`);
await sessions.close();
conclude('fingerprint', { times, retrieval }, bounds);

async function measureTimes() {
  print(
    '\n| variant | inference, ms (p10) | with the embedding, ms (p10) | ratio | the rest of a fingerprint, ms (median) |',
  );
  print('| --- | ---: | ---: | ---: | ---: |');
  const rows = [];
  for (const variant of variants) {
    const side = variant.preprocessing.inputSize;
    const pixels = Uint8Array.from({ length: side * side * 3 }, (_, i) => (i * 7919) % 256);
    const { embedding: numbers } = await embed(variant, pixels);
    const times = await timePairs(
      () => sessions.infer(variant, pixels),
      () => embed(variant, pixels),
    );
    const embedding = { space: space.id, numbers };
    const rest = await timeInterleaved(
      { fingerprint: async () => makeFingerprint(pixels, side, embedding) },
      { warmUp: WARM_UP, iterations: ROUNDS },
    );
    const row = { variant: variant.variant, ...times, restMs: rest.fingerprint.p50 };
    const figures = [row.withoutMs, row.withMs, row.ratio, row.restMs].map((each) => each.toFixed(3));
    print(`| ${[row.variant, ...figures].join(' | ')} |`);
    rows.push(row);
  }
  return rows;
}

/**
 * Two ways by turns, the first now before and now after the other. Of each the tenth percentile counts: in those rounds nothing else took
 * the core from it.
 */
async function timePairs(without: () => Promise<unknown>, withIt: () => Promise<unknown>) {
  const timed = async (work: () => Promise<unknown>) => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };
  const pairs: { a: number; b: number }[] = [];
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const isTurned = round % 2 === 0;
    const first = await timed(isTurned ? withIt : without);
    const second = await timed(isTurned ? without : withIt);
    if (round >= 0) pairs.push(isTurned ? { a: second, b: first } : { a: first, b: second });
  }
  const [withoutMs, withMs] = [pairs.map(({ a }) => a), pairs.map(({ b }) => b)].map((each) => quantile(each, QUIET));
  return { withoutMs: withoutMs!, withMs: withMs!, ratio: withMs! / withoutMs! };
}

async function embed(variant: Variant, pixels: Uint8Array) {
  const { features } = await sessions.inferFeatures(variant, pixels);
  return { features, embedding: space.embed(variant, features) };
}

async function measureRetrieval() {
  const photos = (await readPackedImages(DATA, 'validation')).slice(0, Number(values.images));
  const [one, other] = [variants[0]!, variants.at(-1)!];
  const labels = photos.map(({ label }) => label);
  const seen = { full: [] as Float32Array[], projected: [] as Float32Array[] };
  const packed = { one: [] as Float32Array[], mixed: [] as Float32Array[] };
  for (const [i, { bytes }] of photos.entries()) {
    const header = await inspect(bytes, DEFAULT_LIMITS);
    const { features, embedding } = await embed(one, await decode(bytes, header, one.preprocessing));
    seen.full.push(features.slice());
    seen.projected.push(embedding);
    packed.one.push(Float32Array.from(packEmbedding(embedding)));
    const byOther =
      i % 2 === 0 ? embedding : (await embed(other, await decode(bytes, header, other.preprocessing))).embedding;
    packed.mixed.push(Float32Array.from(packEmbedding(byOther)));
  }
  const options = { labels, queries: Number(values.queries), nearest: NEAREST };
  const found = {
    full: recallAt(seen.full, options),
    projected: recallAt(seen.projected, options),
    packed: recallAt(packed.one, options),
    mixed: recallAt(packed.mixed, options),
  };
  print(
    `\n${photos.length} photos of Tiny ImageNet, ${options.queries} of them asked with, ${new Set(labels).size} labels`,
  );
  print(`Recall@${NEAREST}: one of the ${NEAREST} nearest others has the same label. Share: how many of them have.`);
  print(`| vectors | recall@${NEAREST} | share |`);
  print('| --- | ---: | ---: |');
  const names = {
    full: `${one.variant}: ${seen.full[0]!.length} features`,
    projected: `${space.dimensions} dimensions, float32`,
    packed: `${space.dimensions} dimensions, a byte each`,
    mixed: `the same, half of the photos seen by ${other.variant}`,
  };
  for (const name of Object.keys(found) as (keyof typeof found)[]) {
    const { recall, share } = found[name];
    print(`| ${names[name]} | ${(100 * recall).toFixed(1)}% | ${(100 * share).toFixed(1)}% |`);
  }
  const cosine = mean(seen.projected.map((each, i) => cosineOf(each, packed.one[i]!)));
  print(`Mean cosine of a packed embedding to its own: ${cosine.toFixed(4)}`);
  return { ...found, cosine };
}

function cosineOf(a: Float32Array, b: Float32Array): number {
  let [product, ofA, ofB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    product += a[i]! * b[i]!;
    ofA += a[i]! ** 2;
    ofB += b[i]! ** 2;
  }
  return product / Math.sqrt(ofA * ofB);
}
