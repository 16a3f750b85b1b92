/**
 * Tags images in a program of your own, without the command:
 *
 *   npx --no node -- examples/tag-in-a-script.ts PHOTO…
 *
 * Prints a line for each image: its path and its tags, surest first.
 */
import { readFile } from 'node:fs/promises';
import { Tagger } from '@tagmill/tagger';
import { loadCatalogue } from '@tagmill/variants';

const catalogue = await loadCatalogue({ directories: ['models'] });
const variant = catalogue.find('everyday/0.5-128');
const tagger = new Tagger({
  onnx: (each) => catalogue.onnx(each),
  labels: (each) => catalogue.labels(each),
  thresholds: (name) => catalogue.thresholds(name),
});

for (const photo of process.argv.slice(2)) {
  const { tags, broader } = await tagger.tag(await readFile(photo), variant);
  const named = [...tags, ...broader].map(({ name, confidence }) => `${name} ${Math.round(100 * confidence)}%`);
  process.stdout.write(`${photo}: ${named.join(', ') || '(nothing sure enough)'}\n`);
}
