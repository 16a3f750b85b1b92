import { once } from 'node:events';
import fs from 'node:fs';
import type { ImageRecord, Variant } from '@tagmill/core';
import { BudgetTagger, systemClock } from '@tagmill/pipeline';
import { Tagger, type Tagging, taggedRecord, untaggedRecord } from '@tagmill/tagger';
import { LatencyTracker, loadLatencyModel, thisMachine } from '@tagmill/variants';
import { SingleBar } from 'cli-progress';
import { pMapIterable } from 'p-map';
import {
  type CatalogueOptions,
  chosenVariants,
  modelDirectories,
  openCatalogue,
  type VariantChoice,
} from '../catalogues.ts';
import { EXIT } from '../errors.ts';
import { expandImagePaths } from '../image-paths.ts';
import { readImage } from '../read-image.ts';
import { type Format, recordWriter } from '../record-formats.ts';

export interface TagCommandOptions extends CatalogueOptions, VariantChoice {
  top: number;
  minConfidence: number;
  format: Format;
  output?: string;
  concurrency: number;
  /** Milliseconds an image may take, from reading it to its tags. */
  budget?: number;
}

/**
 * `tagmill tag`: one record an image, in the order of the arguments. An image that can't be tagged doesn't stop the others;
 * Ctrl-C takes no more images, and prints what is done.
 */
export async function tag(paths: readonly string[], options: TagCommandOptions): Promise<void> {
  const catalogue = await openCatalogue(options);
  const tagger = new Tagger({
    onnx: (each) => catalogue.onnx(each),
    labels: (each) => catalogue.labels(each),
    topN: options.top,
    minConfidence: options.minConfidence,
  });
  const { files, skipped } = await expandImagePaths(paths);
  if (skipped > 0)
    process.stderr.write(`${skipped} hidden files or files without an image's extension were left out\n`);
  const tagFile = await fileTagger(tagger, chosenVariants(catalogue, options), options);

  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  const output = options.output === undefined ? process.stdout : fs.createWriteStream(options.output);
  const bar = progressBar(options);
  bar?.start(files.length, 0);

  const writer = recordWriter(options.format);
  const counts = { done: 0, untagged: 0 };
  for await (const record of records(files, tagFile, interrupted.signal)) {
    counts.done++;
    if (record.outcome === 'rejected' || record.outcome === 'failed') counts.untagged++;
    await write(output, writer.write(record));
    bar?.increment();
  }
  bar?.stop();
  await write(output, writer.end());
  if (output !== process.stdout) await new Promise<void>((resolve) => output.end(resolve));
  await tagger.close();

  if (interrupted.signal.aborted) {
    process.stderr.write(`Interrupted: ${counts.done} of ${files.length} images done\n`);
    process.exitCode = EXIT.interrupted;
  } else if (counts.untagged > 0) {
    process.stderr.write(`${counts.untagged} of ${files.length} images could not be tagged\n`);
    process.exitCode = EXIT.failed;
  }
}

interface FileTagger {
  tag: (file: string) => Promise<ImageRecord>;
  concurrency: number;
}

/** Without a budget the first variant, as many images at a time as asked for; with one, what fits it. */
async function fileTagger(tagger: Tagger, variants: Variant[], options: TagCommandOptions): Promise<FileTagger> {
  const { budget: latencyMs } = options;
  const [variant] = variants;
  if (latencyMs === undefined) {
    await tagger.preload(variant!);
    const tag = (file: string) => recordOf(file, tagger, async (bytes) => tagger.tag(bytes, variant!));
    return { tag, concurrency: options.concurrency };
  }

  const model = await loadLatencyModel(modelDirectories(options), thisMachine());
  const chooser = new BudgetTagger({
    tagger,
    variants,
    tracker: new LatencyTracker(model, { now: () => performance.now() }),
    targetAgeMs: Number.POSITIVE_INFINITY,
    maxInFlight: options.concurrency,
    firstStoreMs: 0,
    clock: systemClock,
  });
  await chooser.preload();
  const inFlight = chooser.plan({ agesMs: [], latencyMs });
  const tag = (file: string) => {
    const start = performance.now();
    return recordOf(file, tagger, async (bytes) => {
      const spentMs = performance.now() - start;
      const { choice, ...tagging } = await chooser.tag(bytes, { latencyMs, spentMs, inFlight });
      return { ...tagging, budget: { latencyMs, met: performance.now() - start <= latencyMs, ...choice } };
    });
  };
  return { tag, concurrency: inFlight };
}

async function recordOf(
  file: string,
  { limits }: Tagger,
  tag: (bytes: Uint8Array) => Promise<Tagging & Pick<ImageRecord, 'budget'>>,
): Promise<ImageRecord> {
  const name = { path: file };
  try {
    const { budget, ...tagging } = await tag(await readImage(file, limits));
    return { ...taggedRecord(name, tagging, new Date()), ...(budget && { budget }) };
  } catch (error) {
    return untaggedRecord(name, error, new Date());
  }
}

async function* records(
  files: readonly string[],
  { tag, concurrency }: FileTagger,
  signal: AbortSignal,
): AsyncGenerator<ImageRecord> {
  const untilInterrupted = function* () {
    for (const file of files) {
      if (signal.aborted) return;
      yield file;
    }
  };
  // In order, with at most as many done and waiting as are in flight: memory stays bounded.
  yield* pMapIterable(untilInterrupted(), tag, { concurrency });
}

async function write(output: NodeJS.WritableStream, text: string): Promise<void> {
  if (text && !output.write(text)) await once(output, 'drain');
}

/** On a terminal, unless records scroll by there. */
function progressBar({ format, output }: TagCommandOptions): SingleBar | undefined {
  const scrolling = format !== 'table' && output === undefined && process.stdout.isTTY;
  if (!process.stderr.isTTY || scrolling) return undefined;
  return new SingleBar({ format: '{bar} {value}/{total} images, {eta_formatted} left', clearOnComplete: true });
}
