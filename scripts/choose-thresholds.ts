/**
 * Writes into models/catalogue.json from which confidence on 80% of each variant's tags are right: `tagmill tag --min-confidence
 * sure`. It is chosen on the development split, through the same decoding as `tagmill tag`; validation isn't looked at.
 *
 *   node scripts/choose-thresholds.ts [--family F] [--alpha A] [--data DIR] [--images N]
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Variant } from '@tagmill/core';
import { asKept, Tagger } from '@tagmill/tagger';
import { loadCatalogue, recordMeasurement } from '@tagmill/variants';
import pMap from 'p-map';
import development from '../models/training/development-split.json' with { type: 'json' };
import { sureFrom } from '../packages/cli/src/evaluation/sure-tags.ts';
import { readPackedImages } from '../packages/cli/src/packed-data-set.ts';

const ROOT = path.join(import.meta.dirname, '..');
const MODELS = path.join(ROOT, 'models');

const { values } = parseArgs({
  options: {
    family: { type: 'string', default: 'everyday' },
    alpha: { type: 'string' },
    data: { type: 'string', default: path.join(ROOT, '../shared/data/tiny-imagenet') },
    images: { type: 'string', default: String(development.length) },
  },
});
const catalogue = await loadCatalogue({ directories: [MODELS] });
const training = await readPackedImages(values.data, 'train');
// Spread over the split, which is ordered by class.
const count = Number(values.images);
const chosen = Array.from({ length: count }, (_, i) => development[Math.floor((i * development.length) / count)]!);
const tagger = new Tagger({ onnx: (each) => catalogue.onnx(each), labels: (each) => catalogue.labels(each) });

const isAsked = ({ alpha }: Variant) => values.alpha === undefined || alpha === Number(values.alpha);
for (const variant of catalogue.family(values.family).filter(isAsked)) {
  const images = await pMap(
    chosen,
    async (index) => {
      const { bytes, label } = training[index]!;
      const pixels = await tagger.decode(bytes, await tagger.inspect(bytes), variant);
      return { scores: asKept(await tagger.infer(pixels, variant)), label };
    },
    { concurrency: 4 },
  );
  const confidence = sureFrom(images);
  await recordMeasurement(MODELS, variant.variant, { sureFrom: confidence });
  process.stdout.write(`${variant.variant}: ${confidence ?? 'never sure enough'}\n`);
}
await tagger.close();
