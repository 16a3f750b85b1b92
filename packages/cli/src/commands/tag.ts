import { once } from 'node:events';
import fs from 'node:fs';
import type { ImageRecord, Variant } from '@tagmill/core';
import { Tagger, taggedRecord, untaggedRecord } from '@tagmill/tagger';
import { SingleBar } from 'cli-progress';
import { pMapIterable } from 'p-map';
import { type CatalogueOptions, chooseVariant, openCatalogue, type VariantChoice } from '../catalogues.ts';
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
}

/**
 * `tagmill tag`: one record an image, in the order of the arguments. An image that can't be tagged doesn't stop the others;
 * Ctrl-C takes no more images, and prints what is done.
 */
export async function tag(paths: readonly string[], options: TagCommandOptions): Promise<void> {
  const catalogue = await openCatalogue(options);
  const variant = chooseVariant(catalogue, options);
  const tagger = new Tagger({
    onnx: (each) => catalogue.onnx(each),
    labels: (each) => catalogue.labels(each),
    topN: options.top,
    minConfidence: options.minConfidence,
  });
  const { files, skipped } = await expandImagePaths(paths);
  if (skipped > 0)
    process.stderr.write(`${skipped} hidden files or files without an image's extension were left out\n`);
  await tagger.preload(variant);

  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  const output = options.output === undefined ? process.stdout : fs.createWriteStream(options.output);
  const bar = progressBar(options);
  bar?.start(files.length, 0);

  const writer = recordWriter(options.format);
  const counts = { done: 0, untagged: 0 };
  for await (const record of records(files, tagger, variant, { ...options, signal: interrupted.signal })) {
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

async function* records(
  files: readonly string[],
  tagger: Tagger,
  variant: Variant,
  { concurrency, signal }: { concurrency: number; signal: AbortSignal },
): AsyncGenerator<ImageRecord> {
  const untilInterrupted = function* () {
    for (const file of files) {
      if (signal.aborted) return;
      yield file;
    }
  };
  // In order, with at most as many done and waiting as are in flight: memory stays bounded.
  yield* pMapIterable(untilInterrupted(), (file) => tagFile(file, tagger, variant), { concurrency });
}

async function tagFile(file: string, tagger: Tagger, variant: Variant): Promise<ImageRecord> {
  const name = { path: file };
  try {
    const bytes = await readImage(file, tagger.limits);
    return taggedRecord(name, await tagger.tag(bytes, variant), new Date());
  } catch (error) {
    return untaggedRecord(name, error, new Date());
  }
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
