/**
 * How well taught tags find other photos: ten classes that the family doesn't know, by number of examples, beside nearest neighbours.
 *
 *   npm run bench -- teach --photos DIR [--variant NAME] [--examples 3,5,10,30] [--test 20]
 *
 * DIR holds a folder a class, and `unrelated`: photos that show none of them, ten times as many as are tested of a class. Examples are
 * the first photos of a class by name, and the last are tested. Photos stay outside of this repository. What was measured in
 * docs/guides/teach.md has classes of GroceryStoreDataset, raccoon_dataset, BCCD_Dataset, Face-Mask-Detection and others on GitHub, and
 * imagenet-sample-images as the unrelated ones.
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Variant } from '@tagmill/core';
import { DEFAULT_LIMITS, decode, inspect, SessionPool } from '@tagmill/tagger';
import { DEFAULT_PREVALENCE, type EmbeddingSpace, loadSpace, scoreOf, teach, viewExample } from '@tagmill/teach';
import { loadCatalogue } from '@tagmill/variants';
import { ROOT } from '../helpers/command.ts';
import { conclude, machine, print } from './harness.ts';

const MODELS = path.join(ROOT, 'models');
const UNRELATED = 'unrelated';
const RECALL = 0.6;
const GOAL = { examples: 10, precision: 0.85 } as const;

const { values } = parseArgs({
  options: {
    photos: { type: 'string' },
    variant: { type: 'string' },
    examples: { type: 'string', default: '3,5,10,30' },
    test: { type: 'string', default: '20' },
  },
});
const counts = values.examples.split(',').map(Number);
const tested = Number(values.test);

if (values.photos === undefined) {
  print('Skipped: name a folder of photos with --photos DIR');
} else {
  await measure(values.photos);
}

async function measure(folder: string): Promise<void> {
  const catalogue = await loadCatalogue({ directories: [MODELS] });
  const variant = values.variant === undefined ? catalogue.family('everyday')[0]! : catalogue.find(values.variant);
  const space = (await loadSpace(variant.family, path.join(MODELS, `embeddings/${variant.family}.safetensors`)))!;
  const sessions = new SessionPool({ onnx: (each) => catalogue.onnx(each) });
  const looking = { space, sessions, limits: DEFAULT_LIMITS };
  const centre = (file: string) => centreOf(file, { variant, space, sessions });
  const unrelated = await eachOf(filesIn(folder, UNRELATED).slice(0, 10 * tested), centre);
  const classes = fs.readdirSync(folder).filter((name) => name !== UNRELATED);

  const rows: Row[] = [];
  for (const name of classes) {
    const files = filesIn(folder, name);
    const positives = await eachOf(files.slice(-tested), centre);
    const given = files.slice(0, Math.min(Math.max(...counts), files.length - tested));
    const examples = await eachOf(given, (file) => viewExample(fs.readFileSync(file), [variant], looking));
    for (const count of counts.filter((each) => each <= examples.length)) {
      rows.push(rowOf(name, examples.slice(0, count), { variant, space, positives, unrelated }));
    }
  }
  await sessions.close();
  report(rows, variant, { classes: classes.length, unrelated: unrelated.length });
}

interface Row {
  name: string;
  examples: number;
  /** Undefined where it was refused. */
  shown: { precision: number; recall: number } | undefined;
  /** Precision at the confidence that finds RECALL of the photos. */
  ranked: number;
  neighbours: number;
}

function rowOf(
  name: string,
  examples: Awaited<ReturnType<typeof viewExample>>[],
  { variant, space, positives, unrelated }: Tested,
): Row {
  const nearest = (embedding: Float32Array) => Math.max(...examples.map((each) => cosine(each.averaged, embedding)));
  const neighbours = precisionAtRecall(positives.map(nearest), unrelated.map(nearest));
  try {
    const material = { examples, not: [], background: space.background };
    const taught = teach({ name, prevalence: DEFAULT_PREVALENCE, variant: variant.variant, ...material });
    const { slope, offset, shown } = taught.expected[variant.variant]!;
    const confidence = (embedding: Float32Array) =>
      1 / (1 + Math.exp(-(slope * scoreOf(taught.head, embedding) + offset)));
    const [right, wrong] = [positives, unrelated].map((each) => each.map(confidence)) as [number[], number[]];
    const found = right.filter((each) => each >= shown).length;
    const others = wrong.filter((each) => each >= shown).length;
    return {
      name,
      examples: examples.length,
      shown: { precision: found / Math.max(1, found + others), recall: found / right.length },
      ranked: precisionAtRecall(right, wrong),
      neighbours,
    };
  } catch (error) {
    print(`${name}, ${examples.length} examples: ${(error as Error).message}`);
    return { name, examples: examples.length, shown: undefined, ranked: 0, neighbours };
  }
}

interface Tested {
  variant: Variant;
  space: EmbeddingSpace;
  positives: Float32Array[];
  unrelated: Float32Array[];
}

/** Precision at RECALL: the share of right photos among those that score at least as high as the last one needed for that recall. */
function precisionAtRecall(right: readonly number[], wrong: readonly number[]): number {
  const wanted = Math.ceil(RECALL * right.length);
  const least = right.toSorted((a, b) => b - a)[wanted - 1]!;
  return wanted / (wanted + wrong.filter((each) => each >= least).length);
}

async function centreOf(
  file: string,
  { variant, space, sessions }: Pick<Tested, 'variant' | 'space'> & { sessions: SessionPool },
): Promise<Float32Array> {
  const bytes = fs.readFileSync(file);
  const pixels = await decode(bytes, await inspect(bytes, DEFAULT_LIMITS), variant.preprocessing);
  return space.embed(variant, (await sessions.inferFeatures(variant, pixels)).features);
}

function report(rows: readonly Row[], variant: Variant, about: object): void {
  print(`${variant.variant}, ${JSON.stringify({ ...machine(), ...about })}`);
  print('class: precision and recall as shown by default | precision at 60% recall: taught, nearest neighbours');
  for (const { name, examples, shown, ranked, neighbours } of rows) {
    const own = shown ? `${percent(shown.precision)} ${percent(shown.recall)}` : 'refused';
    print(`  ${name}, ${examples} examples: ${own} | ${percent(ranked)} ${percent(neighbours)}`);
  }
  const means = [...Map.groupBy(rows, ({ examples }) => examples)].map(([examples, group]) => ({
    examples,
    classes: group.length,
    refused: group.filter(({ shown }) => !shown).length,
    precision: mean(group.flatMap(({ shown }) => (shown && shown.recall > 0 ? [shown.precision] : []))),
    recall: mean(group.map(({ shown }) => shown?.recall ?? 0)),
    ranked: mean(group.map(({ ranked }) => ranked)),
    neighbours: mean(group.map(({ neighbours }) => neighbours)),
  }));
  print(
    'means: examples | precision and recall as shown | refused | precision at 60% recall: taught, nearest neighbours',
  );
  for (const each of means) {
    const shown = `${percent(each.precision)} ${percent(each.recall)}`;
    print(
      `  ${each.examples} | ${shown} | ${each.refused} of ${each.classes} | ${percent(each.ranked)} ${percent(each.neighbours)}`,
    );
  }
  const goal = means.find(({ examples }) => examples === GOAL.examples);
  const what = `mean precision at ${percent(RECALL)} recall with ${GOAL.examples} examples`;
  conclude(
    'teach',
    { variant: variant.variant, rows, means },
    goal ? [{ what, value: goal.ranked, atLeast: GOAL.precision }] : [],
  );
}

function filesIn(folder: string, name: string): string[] {
  const directory = path.join(folder, name);
  return fs
    .readdirSync(directory)
    .sort()
    .map((file) => path.join(directory, file));
}

async function eachOf<Result>(files: readonly string[], look: (file: string) => Promise<Result>): Promise<Result[]> {
  const found: Result[] = [];
  for (const file of files) found.push(await look(file));
  return found;
}

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, each, i) => sum + each * b[i]!, 0);
}

function mean(values: readonly number[]): number {
  return values.length > 0 ? values.reduce((sum, each) => sum + each, 0) / values.length : 0;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)}%`;
}
