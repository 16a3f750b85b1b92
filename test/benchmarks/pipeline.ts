/**
 * The same photos through `Tagger` alone and through the whole local stack: what S3's, SQS's and DynamoDB's emulators and the
 * function's processes add to an image. The stack starts warm; the time is from the first upload to the last record.
 */
import { Tagger } from '@tagmill/tagger';
import { loadCatalogue } from '@tagmill/variants';
import pMap from 'p-map';
import { ROOT } from '../helpers/command.ts';
import { makePhotos } from '../helpers/photos.ts';
import { eventually, startPipeline } from '../helpers/pipeline-stack.ts';
import { conclude, machine, print } from './harness.ts';

const PHOTOS = 300;
const ROUNDS = 2;
const VARIANT = 'everyday/0.5-128';

const catalogue = await loadCatalogue({ directories: [`${ROOT}/models`] });
const variant = catalogue.find(VARIANT);
const tagger = new Tagger({ onnx: (each) => catalogue.onnx(each), labels: (each) => catalogue.labels(each) });
const run = await startPipeline({ stack: { variant: VARIANT } });
const samples: Record<'alone' | 'pipeline' | 'store' | 'fetch', number[]> = {
  alone: [],
  pipeline: [],
  store: [],
  fetch: [],
};
try {
  const warmUp = await makePhotos(20, 1);
  await pMap(warmUp, (photo) => tagger.tag(photo, variant), { concurrency: 4 });
  await uploadAll('warm-up', warmUp);

  for (let round = 0; round < ROUNDS; round++) {
    const photos = await makePhotos(PHOTOS, 2 + round);
    samples.alone.push(await perImage(() => pMap(photos, (photo) => tagger.tag(photo, variant), { concurrency: 4 })));
    samples.pipeline.push(await perImage(() => uploadAll(`round-${round}`, photos)));
  }
  for (const { record } of await run.items()) {
    if (record?.timings?.storeMs !== undefined) samples.store.push(record.timings.storeMs);
    if (record?.timings?.fetchMs !== undefined) samples.fetch.push(record.timings.fetchMs);
  }
} finally {
  await run.close();
  await tagger.close();
}

async function perImage(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / PHOTOS;
}

async function uploadAll(folder: string, photos: readonly Buffer[]): Promise<void> {
  await pMap(photos.entries(), ([i, photo]) => run.put(`${folder}/${i}.jpg`, photo), { concurrency: 16 });
  const done = async () =>
    (await run.items()).filter(({ record }) => record && nameOf(record).startsWith(`${folder}/`)).length;
  await eventually(done, (count) => count === photos.length, 120_000);
}

function nameOf({ image }: { image: object }): string {
  return 'key' in image ? String(image.key) : '';
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const [alone, pipeline] = [mean(samples.alone), mean(samples.pipeline)];
print(JSON.stringify(machine()));
print(`${VARIANT}, ${PHOTOS} photos of 160 x 120 px, ${ROUNDS} rounds, warm`);
print(`the tagger alone:   ${alone.toFixed(2)} ms an image`);
print(`through the stack: ${pipeline.toFixed(2)} ms an image, ${(pipeline / alone).toFixed(1)} times`);
print(`overhead:          ${(pipeline - alone).toFixed(2)} ms an image`);
print(
  `of one image, beside others: ${mean(samples.fetch).toFixed(1)} ms fetching, ${mean(samples.store).toFixed(1)} ms storing`,
);
conclude('pipeline', { photos: PHOTOS, rounds: ROUNDS, samples }, [
  { what: 'overhead of the local stack, ms an image', value: pipeline - alone, atMost: 40 },
]);
