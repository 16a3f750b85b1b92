/**
 * Writes what another family's network says of every training image, for models/training/experiments/teacher.py: N x classes logarithms of
 * probabilities, float32, little-endian.
 *
 *   node scripts/write-guesses.ts VARIANT FILE --models DIR --data DIR
 */
import { once } from 'node:events';
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { readPackedImages } from '@tagmill/evaluation';
import { Tagger } from '@tagmill/tagger';
import { loadCatalogue } from '@tagmill/variants';
import { pMapIterable } from 'p-map';

/** Of what the publisher's files know as nothing. */
const LEAST_PROBABILITY = 1e-12;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    models: { type: 'string' },
    data: { type: 'string' },
  },
});
const [name, file] = positionals;
if (!name || !file || !values.models || !values.data) {
  process.stderr.write('Usage: node scripts/write-guesses.ts VARIANT FILE --models DIR [--data DIR]\n');
  process.exit(2);
}
const catalogue = await loadCatalogue({ directories: [values.models] });
const found = catalogue.find(name);
// All of the image: it was cut already.
const variant = { ...found, preprocessing: { ...found.preprocessing, centralFraction: 1 } };
const tagger = new Tagger({ onnx: (each) => catalogue.onnx(each), labels: (each) => catalogue.labels(each) });

const guesses = pMapIterable(
  await readPackedImages(values.data, 'train'),
  async ({ bytes }) => {
    const scores = await tagger.infer(await tagger.decode(bytes, await tagger.inspect(bytes), variant), variant);
    return scores.map((score) => Math.log(Math.max(score, LEAST_PROBABILITY)));
  },
  { concurrency: 4 },
);
const out = fs.createWriteStream(file);
for await (const logarithms of guesses) {
  if (!out.write(new Uint8Array(logarithms.buffer))) await once(out, 'drain');
}
out.end();
await once(out, 'close');
await tagger.close();
