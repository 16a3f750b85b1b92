/**
 * What is known to make such a thing faster, each way by turns with what tagmill does: decoding, inference, loading a model, and the
 * whole command with other settings of its process. What was kept and dropped, and why: docs/experiments/speed-ways.md.
 *
 *   npm run bench -- ways [--photos N] [--large N] [--rounds N]
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { LARGE_PAGES } from '@tagmill/core';
import { Tagger } from '@tagmill/tagger';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import pMap from 'p-map';
import sharp, { type Sharp } from 'sharp';
import { ROOT } from '../helpers/command.ts';
import { conclude, machine, print, type Timing, timeInterleaved } from './harness.ts';
import { benchmarkModels } from './inputs/models.ts';
import { photoFolder } from './inputs/photos.ts';
import { withoutPreprocessing } from './rivals/networks.ts';

const { values } = parseArgs({
  options: {
    photos: { type: 'string', default: '200' },
    large: { type: 'string', default: '24' },
    rounds: { type: 'string', default: '7' },
  },
});
const rounds = { warmUp: 1, iterations: Number(values.rounds) };
const CORES = os.availableParallelism();
const BATCH = 8;
const AS_IT_IS = 'as it is';
const LIBVIPS = 'all JPEGs by libvips';

const small = await photoFolder({ width: 500, height: 375, count: Number(values.photos) });
const large = await photoFolder({ width: 4000, height: 3000, count: Number(values.large), different: 24 });
const { catalogue, options, float32, int8 } = await benchmarkModels();
const side = Math.round(float32.preprocessing.inputSize / float32.preprocessing.centralFraction);

print(JSON.stringify(machine()));
print(
  `${float32.variant}; p50 of ${rounds.iterations} rounds, warm-up ${rounds.warmUp}; decoding one at a time, the rest ${CORES}`,
);
const ofSmall = await decoding('500 px', small);
const ofLarge = await decoding('12 megapixels', large);
const sameBestLabel = {
  small: await sharedByLibvips('500 px', small),
  large: await sharedByLibvips('12 megapixels', large),
};
const results = {
  ...ofSmall,
  ...ofLarge,
  ...(await ofCameras()),
  ...(await inferring()),
  ...(await loading()),
  ...(await running()),
};
const decodingSmall = ofSmall['decoding 500 px']!.timings;
const decodingLarge = ofLarge['decoding 12 megapixels']!.timings;
conclude('ways', { variant: float32.variant, rounds, results, sameBestLabel }, [
  {
    what: '500 px: libvips over libjpeg-turbo and the filter',
    value: decodingSmall[LIBVIPS].p50 / decodingSmall[AS_IT_IS].p50,
    atLeast: 2,
  },
  {
    what: '12 megapixels: libvips over the means of blocks',
    value: decodingLarge[LIBVIPS].p50 / decodingLarge[AS_IT_IS].p50,
    atLeast: 1.3,
  },
  { what: '500 px: same best label', value: sameBestLabel.small, atLeast: 0.98 },
  { what: '12 megapixels: same best label', value: sameBestLabel.large, atLeast: 0.95 },
]);

/** Prints each way's time an image beside what tagmill does. */
function compared<Name extends string>(what: string, timings: Record<Name, Timing>, images: number) {
  const usual = timings[AS_IT_IS as Name].p50;
  print(`\n${what}, ms an image`);
  for (const [name, { p50 }] of Object.entries<Timing>(timings)) {
    print(`  ${name.padEnd(44)} ${(p50 / images).toFixed(2).padStart(8)}  ${(p50 / usual).toFixed(2)} times`);
  }
  return { [what]: { images, timings } };
}

type Photo = Awaited<ReturnType<typeof photosOf>>[number];

function openTagger(): Tagger {
  return new Tagger({ onnx: (each) => catalogue.onnx(each), labels: (each) => catalogue.labels(each) });
}

function photosOf(folder: string, tagger: Tagger) {
  const files = fs.readdirSync(folder).map((file) => fs.readFileSync(path.join(folder, file)));
  return pMap(files, async (bytes) => ({ bytes, header: await tagger.inspect(bytes) }));
}

function decodedBy(tagger: Tagger) {
  return ({ bytes, header }: Photo) => tagger.decode(bytes, header, float32);
}

/** So the tagger decodes what is progressive. */
function decodedByLibvips(tagger: Tagger) {
  return ({ bytes, header }: Photo) =>
    tagger.decode(bytes, { ...header, encoding: { ...header.encoding, progressive: true } }, float32);
}

async function decoding(name: string, folder: string) {
  const tagger = openTagger();
  const photos = await photosOf(folder, tagger);
  // One at a time: some ways use one core, others as many as there are.
  const each = (decode: (photo: Photo) => Promise<unknown>) => () => pMap(photos, decode, { concurrency: 1 });
  const scaled = (image: Sharp) =>
    image.resize(side, side, { fit: 'cover', kernel: 'linear' }).raw().toBuffer({ resolveWithObject: true });
  const read = ({ bytes }: Photo) =>
    sharp(bytes, { failOn: 'error', limitInputPixels: false, sequentialRead: true, pages: 1 });
  const timings = await timeInterleaved(
    {
      [AS_IT_IS]: each(decodedBy(tagger)),
      [LIBVIPS]: each(decodedByLibvips(tagger)),
      'its bare call of sharp': each((photo) => scaled(read(photo))),
      'decoded in full, not at a reduced size': each((photo) => {
        const { width, height } = photo.header;
        return scaled(read(photo).extract({ left: 0, top: 0, width, height }));
      }),
      'read at random, not in order': each(({ bytes }) => scaled(sharp(bytes, { sequentialRead: false }))),
      'the header alone': each(({ bytes }) => tagger.inspect(bytes)),
    },
    rounds,
  );
  await tagger.close();
  return compared(`decoding ${name}`, timings, photos.length);
}

/** Photos with EXIF and a colour profile, stored on their side: from the file to the upright picture. */
async function ofCameras() {
  const tagger = openTagger();
  const { inputSize } = float32.preprocessing;
  const exif = { IFD0: { Model: 'a camera' }, IFD2: { DateTimeOriginal: '2026:03:01 12:30:00' } };
  const photos = await pMap(await photosOf(small, tagger), async (photo): Promise<Photo> => {
    const camera = sharp(photo.bytes).jpeg().withExif(exif).withMetadata({ orientation: 6, icc: 'p3' });
    const bytes = await camera.toBuffer();
    return { bytes, header: await tagger.inspect(bytes) };
  });
  const each = (decode: (photo: Photo) => Promise<unknown>) => () => pMap(photos, decode, { concurrency: 1 });
  const timings = await timeInterleaved(
    {
      [AS_IT_IS]: each(async ({ bytes }) => tagger.decode(bytes, await tagger.inspect(bytes), float32)),
      'header read and picture turned by libvips': each(async ({ bytes, header }) => {
        createHash('sha256').update(bytes).digest();
        await sharp(bytes).metadata();
        const { width: height, height: width, encoding, ...facts } = header;
        const asStored = { ...facts, width, height, encoding: { ...encoding, orientation: 1 } };
        const square = await tagger.decode(bytes, asStored, float32);
        return sharp(square, { raw: { width: inputSize, height: inputSize, channels: 3 } })
          .rotate(90)
          .raw()
          .toBuffer();
      }),
    },
    rounds,
  );
  await tagger.close();
  return compared('header and picture of 500 px, of a camera', timings, photos.length);
}

/** The share of photos whose best label is the same if libvips decodes them. */
async function sharedByLibvips(name: string, folder: string): Promise<number> {
  const tagger = openTagger();
  const photos = await photosOf(folder, tagger);
  const bestOf = (decode: (photo: Photo) => Promise<Uint8Array>) =>
    pMap(
      photos,
      async (photo) => {
        const scores = await tagger.infer(await decode(photo), float32);
        return scores.indexOf(Math.max(...scores));
      },
      { concurrency: CORES },
    );
  const [ours, theirs] = [await bestOf(decodedBy(tagger)), await bestOf(decodedByLibvips(tagger))];
  await tagger.close();
  const same = ours.filter((label, i) => label === theirs[i]).length;
  print(`\n${same} of ${photos.length} photos of ${name} have the same best label if libvips decodes them`);
  return same / photos.length;
}

async function inferring() {
  const { inputSize } = float32.preprocessing;
  const pixels = new Uint8Array(inputSize ** 2 * 3).fill(127);
  const session = async (variant: typeof float32, more: InferenceSession.SessionOptions = {}) =>
    InferenceSession.create(await catalogue.onnx(variant), { intraOpNumThreads: 1, interOpNumThreads: 1, ...more });
  const images = 64;
  const run = (made: InferenceSession, { batch = 1, atATime = CORES } = {}) => {
    const shape = [batch, inputSize, inputSize, 3];
    const input = Buffer.concat(Array<Uint8Array>(batch).fill(pixels));
    return () =>
      pMap(Array(images / batch).keys(), () => made.run({ images: new Tensor('uint8', input, shape) }), {
        concurrency: atATime,
      });
  };
  const usual = await session(float32);
  const threaded = await session(float32, { intraOpNumThreads: CORES });
  const bare = await InferenceSession.create(withoutPreprocessing(await catalogue.onnx(float32), inputSize), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  const without = await session(float32, { enableCpuMemArena: false, enableMemPattern: false });
  const timings = await timeInterleaved(
    {
      [AS_IT_IS]: run(usual),
      int8: run(await session(int8)),
      [`one at a time, on ${CORES} threads`]: run(threaded, { atATime: 1 }),
      [`batches of ${BATCH}`]: run(usual, { batch: BATCH }),
      'without an arena of memory': run(without),
      'floats made before the graph': () =>
        pMap(Array(images).keys(), () => bare.run({ pixel_values: floatsOf(pixels, inputSize) }), {
          concurrency: CORES,
        }),
    },
    rounds,
  );
  return compared('inference', timings, images);
}

/** What the graph's first nodes do: from -1 to 1, a plane for each colour. */
function floatsOf(pixels: Uint8Array, side: number): Tensor {
  const floats = new Float32Array(pixels.length);
  for (let colour = 0; colour < 3; colour++) {
    for (let at = 0; at < side * side; at++) floats[colour * side * side + at] = pixels[at * 3 + colour]! / 127.5 - 1;
  }
  return new Tensor('float32', floats, [1, 3, side, side]);
}

async function loading() {
  const model = await catalogue.onnx(float32);
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'ways-'));
  const saved = path.join(directory, 'optimized.onnx');
  const common = { intraOpNumThreads: 1, interOpNumThreads: 1 } as const;
  await InferenceSession.create(model, { ...common, graphOptimizationLevel: 'all', optimizedModelFilePath: saved });
  const optimized = fs.readFileSync(saved);
  fs.rmSync(directory, { recursive: true });
  const load = (bytes: Uint8Array, graphOptimizationLevel: 'all' | 'disabled') => async () =>
    (await InferenceSession.create(bytes, { ...common, graphOptimizationLevel })).release();
  const timings = await timeInterleaved(
    { [AS_IT_IS]: load(model, 'all'), 'from a graph that was optimized before': load(optimized, 'disabled') },
    rounds,
  );
  return compared('loading a model', timings, 1);
}

async function running() {
  const command = path.join(ROOT, 'packages/cli/bin/tagmill.js');
  const different = Number(values.photos);
  const photos = await photoFolder({ width: 500, height: 375, count: 5 * different, different });
  const asked = ['tag', photos, '--variant', float32.variant, '--format', 'jsonl', ...options];
  const run =
    (env: Record<string, string>, ...more: string[]) =>
    async () => {
      const { status, stderr } = spawnSync(process.execPath, [command, ...asked, ...more], {
        env: { ...process.env, ...env },
        maxBuffer: 2 ** 28,
      });
      if (status !== 0) throw new Error(String(stderr));
    };
  const keepsMemory = { MALLOC_MMAP_THRESHOLD_: '100000000', MALLOC_TRIM_THRESHOLD_: '1000000000' };
  const withoutLargePages = LARGE_PAGES.GLIBC_TUNABLES.replace('glibc.malloc.hugetlb=1:', '');
  const timings = await timeInterleaved(
    {
      [AS_IT_IS]: run({}),
      'glibc keeps freed memory': run(keepsMemory),
      "glibc's memory as it comes": run({ GLIBC_TUNABLES: '' }),
      'as a glibc before 2.35 reads its settings': run({ GLIBC_TUNABLES: withoutLargePages }),
      "as many threads for libuv's pool as cores": run({ UV_THREADPOOL_SIZE: String(CORES) }),
      'one image in flight a core': run({}, '--concurrency', String(CORES)),
      'four images in flight a core': run({}, '--concurrency', String(4 * CORES)),
      'one process, one image in flight': run({}, '--concurrency', '1'),
    },
    rounds,
  );
  return compared('the whole command, its start included', timings, 5 * different);
}
