/**
 * Whether a cascade would pay: a small variant first, a larger one only where the small one is unsure. Thresholds are fitted
 * on the development split of the training images, and judged on validation. Times are the latency profile's means, since a
 * cascade is judged on what a million images cost, and on how fast a backlog drains; not on the 95th percentile.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Variant } from '@tagmill/core';
import { type LabelledImage, readPackedImages } from '@tagmill/evaluation';
import { TYPICAL_PHOTO } from '@tagmill/policy';
import { Tagger } from '@tagmill/tagger';
import { loadCatalogue } from '@tagmill/variants';
import pMap from 'p-map';
import { ROOT } from '../helpers/command.ts';
import { conclude, print } from './harness.ts';
import { shippedModel } from './shipped-model.ts';

const DATA = path.join(ROOT, '../shared/data/tiny-imagenet');
const PHOTO = TYPICAL_PHOTO;
/** Dollars a GB-second on x86 in us-east-1, and gigabytes of the stack's default: https://aws.amazon.com/lambda/pricing */
const DOLLARS_PER_MS = (0.0000166667 * (1769 / 1024)) / 1000;

if (!fs.existsSync(DATA)) {
  print(`Skipped: ${DATA} is not there`);
  process.exit();
}

const catalogue = await loadCatalogue({ directories: [path.join(ROOT, 'models')] });
const model = await shippedModel();
const tagger = new Tagger({
  onnx: (variant) => catalogue.onnx(variant),
  labels: (variant) => catalogue.labels(variant),
});
const family = catalogue.family('everyday');
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const inferMs = (variant: Variant) => mean(model.inference(variant, 1).ms);
const decodeMs = mean(model.decoding(family[0]!, PHOTO, 1).ms);

/** Of each image: how sure the variant is of its best guess, and whether it is right. */
interface Guess {
  confidence: number;
  isRight: boolean;
}

async function guessesOf(variant: Variant, images: readonly LabelledImage[]): Promise<Guess[]> {
  return pMap(
    images,
    async ({ bytes, label }) => {
      const pixels = await tagger.decode(bytes, await tagger.inspect(bytes), variant);
      const scores = await tagger.infer(pixels, variant);
      const confidence = Math.max(...scores);
      return { confidence, isRight: scores[label] === confidence };
    },
    { concurrency: 2 },
  );
}

async function allGuesses(images: readonly LabelledImage[]): Promise<Map<Variant, Guess[]>> {
  const guesses = new Map<Variant, Guess[]>();
  for (const variant of family) guesses.set(variant, await guessesOf(variant, images));
  return guesses;
}

const chosen: number[] = JSON.parse(
  fs.readFileSync(path.join(ROOT, 'models/training/experiments/development-split.json'), 'utf8'),
);
const training = await readPackedImages(DATA, 'train');
const development = await allGuesses(chosen.map((index) => training[index]!));
const validation = await allGuesses(await readPackedImages(DATA, 'validation'));

interface Cascade {
  small: Variant;
  large: Variant;
  threshold: number;
}

function judge({ small, large, threshold }: Cascade, guesses: ReadonlyMap<Variant, Guess[]>) {
  const [first, second] = [guesses.get(small)!, guesses.get(large)!];
  const unsure = first.map(({ confidence }) => confidence < threshold);
  const top1 = mean(first.map(({ isRight }, image) => Number(unsure[image] ? second[image]!.isRight : isRight)));
  return { top1, ms: inferMs(small) + mean(unsure.map(Number)) * inferMs(large) };
}

const cascades = family.flatMap((large) =>
  family
    .filter((small) => inferMs(small) < inferMs(large))
    .flatMap((small) => Array.from({ length: 100 }, (_, step) => ({ small, large, threshold: step / 100 }))),
);

const dollars = (ms: number) => `$${(ms * 1e6 * DOLLARS_PER_MS).toFixed(2)}`;
const percent = (share: number) => `${(share * 100).toFixed(1)}%`;
print(`Decoding: ${decodeMs.toFixed(2)} ms on average. Dollars: decoding and inference of a million images.`);
print(
  '| variant | top-1 | inference, ms | $ a million | cheapest cascade as accurate on development | top-1 | inference, ms | $ a million |',
);
print('| --- | --- | --- | --- | --- | --- | --- | --- |');
const results = family.map((variant) => {
  const top1 = mean(validation.get(variant)!.map(({ isRight }) => Number(isRight)));
  const wanted = mean(development.get(variant)!.map(({ isRight }) => Number(isRight)));
  const [best] = cascades
    .filter((cascade) => judge(cascade, development).top1 >= wanted)
    .sort((a, b) => judge(a, development).ms - judge(b, development).ms);
  const single = { top1, ms: inferMs(variant) };
  const row = [variant.variant, percent(top1), single.ms.toFixed(2), dollars(decodeMs + single.ms)];
  if (!best) {
    print(`| ${[...row, 'none', '', '', ''].join(' | ')} |`);
    return { variant: variant.variant, single, saving: 0 };
  }
  const cascade = judge(best, validation);
  const name = `${best.small.variant}, then ${best.large.variant} below ${best.threshold}`;
  print(
    `| ${[...row, name, percent(cascade.top1), cascade.ms.toFixed(2), dollars(decodeMs + cascade.ms)].join(' | ')} |`,
  );
  const saving = 1 - (decodeMs + cascade.ms) / (decodeMs + single.ms);
  return { variant: variant.variant, single, cascade: { ...cascade, name }, saving };
});
await tagger.close();
conclude('cascade', { decodeMs, results }, []);
