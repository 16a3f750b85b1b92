/**
 * Makes the int8 variants of a width of `everyday` from its float ones, at all their resolutions: quantized after training, with
 * photos of the training split alone. Their thresholds and accuracy are measured afterwards: `tagmill models eval --save-thresholds`
 * on the development split, `--save` on the validation split.
 *
 *   node scripts/quantize-weights.ts ALPHA --photos DIR [--images N]
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Variant } from '@tagmill/core';
import { expandImagePaths, readImage } from '@tagmill/image-files';
import { quantizeEveryday } from '@tagmill/mobilenet/quantize-everyday';
import { Tagger } from '@tagmill/tagger';
import { formatVariantName, loadCatalogue } from '@tagmill/variants';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const ROOT = path.join(import.meta.dirname, '..');
const MODELS = path.join(ROOT, 'models');
const BATCH = 16;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** A folder of training photos, searched to the bottom. */
    photos: { type: 'string' },
    images: { type: 'string', default: '512' },
  },
});
const alpha = Number(positionals[0]);
const count = Number(values.images);
if (positionals.length !== 1 || !values.photos || !(alpha > 0) || !(Number.isInteger(count) && count > 0)) {
  process.stderr.write('Usage: node scripts/quantize-weights.ts ALPHA --photos DIR [--images N]\n');
  process.exit(2);
}

const variants = (await loadCatalogue({ directories: [MODELS] }))
  .family('everyday')
  .filter((variant) => variant.alpha === alpha && variant.precision === 'float32')
  .sort((a, b) => a.resolution - b.resolution);
const [first] = variants;
if (!first || variants.some(({ file }) => file !== first.file)) {
  process.stderr.write(`models/catalogue.json has no float variants of everyday with alpha ${alpha} in one file\n`);
  process.exit(2);
}

const { files } = await expandImagePaths([values.photos]);
const photos = Array.from({ length: Math.min(count, files.length) }, (_, i) => {
  return files[Math.floor((i * files.length) / Math.min(count, files.length))]!;
});
const weights = await quantizeEveryday(await fs.readFile(first.file), {
  alpha,
  resolutions: variants.map(({ resolution }) => resolution),
  pixelMeans: meansOf(await decodedBatches(first)),
  observe,
});
const file = `weights/everyday-${alpha}-int8.safetensors`;
await fs.writeFile(path.join(MODELS, file), weights);
await writeEntries(weights, file);
process.stdout.write(`${file}: ${weights.length} bytes\n`);

/** The photos as `tagmill tag` decodes them for a variant. */
async function decodedBatches(variant: Variant): Promise<Uint8Array[]> {
  const tagger = new Tagger({ onnx: async () => new Uint8Array(), labels: async () => [] });
  const decoded: Uint8Array[] = [];
  for (const photo of photos) {
    const bytes = await readImage(photo, tagger.limits);
    decoded.push(await tagger.decode(bytes, await tagger.inspect(bytes), variant));
  }
  return Array.from({ length: Math.ceil(decoded.length / BATCH) }, (_, i) =>
    Uint8Array.from(Buffer.concat(decoded.slice(i * BATCH, (i + 1) * BATCH))),
  );
}

/** Of red, green and blue. */
function meansOf(batches: readonly Uint8Array[]): number[] {
  return [0, 1, 2].map((channel) => {
    let sum = 0;
    let pixels = 0;
    for (const batch of batches) {
      for (let i = channel; i < batch.length; i += 3) sum += batch[i]!;
      pixels += batch.length / 3;
    }
    return sum / pixels;
  });
}

async function* observe(model: Uint8Array, resolution: number): AsyncGenerator<Record<string, Float32Array>> {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1 });
  const variant = variants.find((each) => each.resolution === resolution)!;
  for (const batch of await decodedBatches(variant)) {
    const images = new Tensor('uint8', batch, [batch.length / resolution ** 2 / 3, resolution, resolution, 3]);
    const outputs = await session.run({ images });
    yield Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data as Float32Array]));
  }
  await session.release();
}

/** As the float entries, but for what is of the file, and what has to be measured anew. */
async function writeEntries(weights: Uint8Array, file: string): Promise<void> {
  const catalogueFile = path.join(MODELS, 'catalogue.json');
  const catalogue = JSON.parse(await fs.readFile(catalogueFile, 'utf8'));
  const entries = variants.map(({ variant, resolution }) => {
    const { top1, top5, measuredOn, thresholds, ...card } = catalogue.variants.find(
      (each: Variant) => each.variant === variant,
    );
    return {
      ...card,
      variant: formatVariantName({ family: 'everyday', network: 'mobilenet-v1', alpha, resolution, precision: 'int8' }),
      file,
      sha256: createHash('sha256').update(weights).digest('hex'),
      sizeBytes: weights.length,
    };
  });
  const replaced = new Set(entries.map(({ variant }) => variant));
  catalogue.variants = [...catalogue.variants.filter(({ variant }: Variant) => !replaced.has(variant)), ...entries];
  await fs.writeFile(catalogueFile, `${JSON.stringify(catalogue, null, 2)}\n`);
}
