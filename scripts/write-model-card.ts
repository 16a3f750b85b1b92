/**
 * Fills in the tables of docs/models/everyday.md, and draws its plot: the variants from the catalogue, and what `tagmill models
 * eval --json` said of them on validation photos; tag by tag for one of them.
 *
 *   node scripts/write-model-card.ts --evaluation FILE.json [--variant V]
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { plotAccuracy } from '@tagmill/evaluation';
import { loadCatalogue } from '@tagmill/variants';
import { type Evaluation, evaluationRows, replaceTable, tagRows, variantRows } from './model-card-tables.ts';

const ROOT = path.join(import.meta.dirname, '..');
const CARD = path.join(ROOT, 'docs/models/everyday.md');

const { values } = parseArgs({
  options: {
    evaluation: { type: 'string' },
    variant: { type: 'string', default: 'everyday/0.75-128' },
  },
});
if (!values.evaluation) {
  process.stderr.write('Usage: node scripts/write-model-card.ts --evaluation FILE.json [--variant V]\n');
  process.exit(2);
}
const evaluations: Evaluation[] = JSON.parse(await fs.readFile(values.evaluation, 'utf8')).evaluations;
const catalogue = await loadCatalogue({ directories: [path.join(ROOT, 'models')] });
const chosen = evaluations.find(({ variant }) => variant === values.variant);
if (!chosen) throw new Error(`${values.evaluation} says nothing of ${values.variant}`);

let card = await fs.readFile(CARD, 'utf8');
card = replaceTable(card, 'variants', variantRows(catalogue.family('everyday')));
card = replaceTable(card, 'evaluation', evaluationRows(evaluations));
card = replaceTable(card, 'tags', tagRows(chosen));
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
