/**
 * Tags a folder with transformers.js' image-classification pipeline, in batches of 16, and prints each file's best label as JSON.
 *
 *   node run-transformers.ts RIVALS MODEL fp32|int8 own|shrinking FOLDER
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { shrinking } from './shrink.ts';

/** Enough of @huggingface/transformers, which is installed elsewhere. */
interface Transformers {
  env: { allowRemoteModels: boolean; localModelPath: string };
  RawImage: new (data: Uint8Array, width: number, height: number, channels: number) => object;
  pipeline(
    task: 'image-classification',
    model: string,
    options: object,
  ): Promise<(images: readonly unknown[], options: object) => Promise<{ label: string }[][]>>;
}

const BATCH = 16;

const [rivals, model, dtype, reading, folder] = process.argv.slice(2) as [string, string, string, string, string];
const { env, pipeline, RawImage }: Transformers = createRequire(`${rivals}/`)('@huggingface/transformers');
env.allowRemoteModels = false;
env.localModelPath = path.dirname(model);
const classify = await pipeline('image-classification', path.basename(model), { dtype, device: 'cpu' });

const preprocessing = JSON.parse(fs.readFileSync(path.join(model, 'preprocessing.json'), 'utf8'));
const shrunk = shrinking(rivals, preprocessing);
const { inputSize } = preprocessing;
/** What the pipeline is given: a path, which it reads itself, or pixels. */
const imageOf = async (photo: string) =>
  reading === 'own' ? photo : new RawImage(await shrunk(photo), inputSize, inputSize, 3);

const names = fs.readdirSync(folder).sort();
const best: Record<string, string> = {};
for (let start = 0; start < names.length; start += BATCH) {
  const batch = names.slice(start, start + BATCH);
  const images = await Promise.all(batch.map((name) => imageOf(path.join(folder, name))));
  const found = await classify(images, { top_k: 2 });
  // The publisher's class 0 is none of the others.
  batch.forEach((name, i) => {
    best[name] = found[i]!.find(({ label }) => label !== 'background')!.label;
  });
}
process.stdout.write(JSON.stringify(best));
