/**
 * Fills in the tables of docs/models/everyday.md, and draws its plot: the variants from the catalogue, what `tagmill models eval
 * --json` said of them, and what one of them gets right and wrong on validation, through the same decoding and naming as
 * `tagmill tag`.
 *
 *   node scripts/write-model-card.ts --evaluation FILE.json [--variant V] [--data DIR]
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Tagger, UNMEASURED_TAG_OPTIONS } from '@tagmill/tagger';
import { loadCatalogue } from '@tagmill/variants';
import pMap from 'p-map';
import { plotAccuracy } from '../packages/cli/src/evaluation/plot-accuracy.ts';
import { readPackedImages } from '../packages/cli/src/packed-data-set.ts';
import {
  type Evaluation,
  evaluationRows,
  markdownTable,
  percent,
  replaceTable,
  variantRows,
} from './model-card-tables.ts';

const ROOT = path.join(import.meta.dirname, '..');
const CARD = path.join(ROOT, 'docs/models/everyday.md');
/** Broader tags of fewer labels say little. */
const LEAST_LABELS = 3;
const CONFUSIONS = 12;

const { values } = parseArgs({
  options: {
    evaluation: { type: 'string' },
    variant: { type: 'string', default: 'everyday/0.75-128' },
    data: { type: 'string', default: path.join(ROOT, '../shared/data/tiny-imagenet') },
  },
});
if (!values.evaluation) {
  process.stderr.write('Usage: node scripts/write-model-card.ts --evaluation FILE.json [--variant V] [--data DIR]\n');
  process.exit(2);
}
const evaluations: Evaluation[] = JSON.parse(await fs.readFile(values.evaluation, 'utf8')).evaluations;
const catalogue = await loadCatalogue({ directories: [path.join(ROOT, 'models')] });
const variant = catalogue.find(values.variant);
const labels = await catalogue.labels(variant);
// The best tag whatever its confidence.
const tagger = new Tagger({
  onnx: (each) => catalogue.onnx(each),
  labels: async () => labels,
  topN: labels.length,
  minConfidence: 0,
});
const guesses = await pMap(
  await readPackedImages(values.data, 'validation'),
  async ({ bytes, label }) => {
    const { tags, broader } = await tagger.tag(bytes, variant);
    const said = broader.filter(({ confidence }) => confidence >= UNMEASURED_TAG_OPTIONS.minBroaderConfidence);
    return { truth: labels[label]!, best: tags[0]!.name, broader: new Set(said.map(({ name }) => name)) };
  },
  { concurrency: 4 },
);
await tagger.close();

let card = await fs.readFile(CARD, 'utf8');
card = replaceTable(card, 'variants', variantRows(catalogue.family('everyday')));
card = replaceTable(card, 'evaluation', evaluationRows(evaluations));
card = replaceTable(card, 'broader', broaderRows());
card = replaceTable(card, 'labels', labelRows());
card = replaceTable(card, 'confusions', confusionRows());
await fs.writeFile(CARD, card);

// Int8 has the accuracy of the float variant, within less than a point's size.
const floats = catalogue.family('everyday').filter(({ precision }) => precision === 'float32');
await plotAccuracy({
  file: path.join(path.dirname(CARD), 'accuracy'),
  title: 'everyday: accuracy against mult-adds',
  variants: floats,
  measured: evaluations.filter(({ variant }) => floats.some((each) => each.variant === variant)),
  cost: { title: 'million mult-adds', of: ({ multAdds }) => multAdds / 1e6 },
});

function broaderRows(): string {
  const sizes = new Map<string, number>();
  for (const name of labels.flatMap(({ parents }) => parents)) sizes.set(name, (sizes.get(name) ?? 0) + 1);
  const rows = [...sizes]
    .filter(([, size]) => size >= LEAST_LABELS)
    .map(([name, size]) => {
      const shown = guesses.filter(({ truth }) => truth.parents.includes(name));
      const said = guesses.filter(({ broader }) => broader.has(name));
      const right = shown.filter(({ broader }) => broader.has(name)).length;
      return { name, size, recall: right / shown.length, precision: said.length > 0 ? right / said.length : 0 };
    })
    .sort((a, b) => b.recall * b.precision - a.recall * a.precision)
    .map(({ name, size, recall, precision }) => [name, String(size), percent(recall), percent(precision)]);
  return markdownTable(['broader tag', 'labels below it', 'found', 'right where given'], rows);
}

function labelRows(): string {
  const accuracies = labels
    .map(({ name }) => {
      const shown = guesses.filter(({ truth }) => truth.name === name);
      return { name, top1: shown.filter(({ best }) => best === name).length / shown.length };
    })
    .sort((a, b) => b.top1 - a.top1);
  const text = (some: typeof accuracies) => some.map(({ name, top1 }) => `${name} ${percent(top1)}`).join(', ');
  return markdownTable(
    ['', 'top-1'],
    [
      ['best ten', text(accuracies.slice(0, 10))],
      ['worst ten', text(accuracies.slice(-10))],
    ],
  );
}

function confusionRows(): string {
  const counts = new Map<string, { truth: string; best: string; count: number; shown: number }>();
  for (const { truth, best } of guesses) {
    if (truth.name === best) continue;
    const key = `${truth.name}|${best}`;
    const shown = guesses.filter((each) => each.truth.name === truth.name).length;
    counts.set(key, { truth: truth.name, best, shown, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  const rows = [...counts.values()]
    .sort((a, b) => b.count / b.shown - a.count / a.shown)
    .slice(0, CONFUSIONS)
    .map(({ truth, best, count, shown }) => [truth, best, percent(count / shown)]);
  return markdownTable(['what it is', 'what it is called', 'of them'], rows);
}
