/**
 * Turns trained float32 weights into the project's models: filters in float16, the rest in float32, one catalogue entry a
 * resolution. Tensors of other resolutions are left out. A network sees a photo at its own resolution. Its thresholds and its accuracy are measured afterwards:
 * `tagmill models eval --save-thresholds` on the development split, `--save` on the validation split.
 *
 *   node scripts/publish-weights.ts FILE.safetensors ALPHA RESOLUTION…
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { architecture, networkCost, readSafetensors, writeSafetensors } from '@tagmill/mobilenet';
import { formatVariantName } from '@tagmill/variants';

const [source, alphaText, ...resolutions] = process.argv.slice(2);
if (!source || !alphaText || resolutions.length === 0) {
  process.stderr.write('Usage: node scripts/publish-weights.ts FILE.safetensors ALPHA RESOLUTION…\n');
  process.exit(2);
}
const alpha = Number(alphaText);
const models = path.join(import.meta.dirname, '../models');
const catalogueFile = path.join(models, 'catalogue.json');

const isPublished = (name: string) => resolutions.includes(/^at(\d+)\./.exec(name)?.[1] ?? resolutions[0]!);
const tensors = new Map([...readSafetensors(await fs.readFile(source))].filter(([name]) => isPublished(name)));
const isFilter = (name: string) => name.endsWith('.weight') && !name.endsWith('bn.weight');
const weights = writeSafetensors(tensors, (name) => (isFilter(name) ? 'F16' : 'F32'));
const file = `weights/everyday-${alpha}.safetensors`;
await fs.mkdir(path.join(models, 'weights'), { recursive: true });
await fs.writeFile(path.join(models, file), weights);

const classes = tensors.get('classifier.bias')!.data.length;
const entries = resolutions.map(Number).map((resolution) => ({
  variant: formatVariantName({ family: 'everyday', network: 'mobilenet-v1', alpha, resolution, precision: 'float32' }),
  file,
  sha256: createHash('sha256').update(weights).digest('hex'),
  labels: 'everyday',
  preprocessing: { inputSize: resolution, fit: 'centre-crop', centralFraction: 1 },
  ...networkCost(architecture({ network: 'mobilenet-v1', alpha, resolution, classes })),
  sizeBytes: weights.length,
  source: 'trained by this project: models/README.md',
  licence: 'Apache-2.0',
}));

const catalogue = JSON.parse(
  await fs
    .readFile(catalogueFile, 'utf8')
    .catch(() => '{"schemaVersion":1,"labelSets":{"everyday":"labels/everyday.json"},"variants":[]}'),
);
const replaced = new Set(entries.map(({ variant }) => variant));
catalogue.variants = [
  ...catalogue.variants.filter(({ variant }: { variant: string }) => !replaced.has(variant)),
  ...entries,
];
await fs.writeFile(catalogueFile, `${JSON.stringify(catalogue, null, 2)}\n`);
