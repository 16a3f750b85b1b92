import path from 'node:path';
import { type ImageRecord, TagmillError } from '@tagmill/core';
import { expandImagePaths, type ImagePaths, readPathsFromInput } from '@tagmill/image-files';
import type { SingleBar } from 'cli-progress';
import { pMapIterable } from 'p-map';
import { EXIT } from '../errors.ts';
import { interruption } from '../interruption.ts';
import { FORMATS, type Format, formatOfName } from '../output/formats.ts';
import { openOutput } from '../output/output.ts';
import type { FileTaggerOptions, Recorder } from '../tagging/file-tagger.ts';
import { openRecorder } from '../tagging/recorder.ts';
import { readResumed } from '../tagging/resume.ts';

/** Records that wait for a slow image, for each in flight. */
const WAITING = 16;

/** So many of the folders that can't be read are named. */
const MOST_NAMED = 10;

export interface TagCommandOptions extends FileTaggerOptions {
  format?: Format;
  output?: string;
  /** A JSONL that broke off: it is gone on with. */
  resume?: string;
  /** Globs of what is left out. */
  exclude: string[];
  /** Writes the tags beside each image, too. */
  sidecars: boolean;
  timings: boolean;
  excel: boolean;
}

/**
 * `tagmill tag`: one record an image, in the order of the arguments. An image that can't be tagged doesn't stop the others;
 * Ctrl-C takes no more images, and prints what is done.
 */
export async function tag(given: readonly string[], options: TagCommandOptions): Promise<void> {
  const interrupted = new AbortController();
  void interruption().then(() => interrupted.abort());
  const { format, output: outputFile, isResumed } = destination(options);
  const paths = await readPathsFromInput(given, process.stdin);
  const found = await expandImagePaths(paths, options);
  tellLeftOut(found);
  if (found.files.length === 0)
    process.stderr.write(`No images in ${paths.join(', ') || 'the paths on standard input'}\n`);
  assertNoInput(outputFile, found.files);
  const done = isResumed ? await readResumed(outputFile!) : undefined;
  const files = done ? found.files.filter((file) => !done.has(file)) : found.files;
  if (done) process.stderr.write(`${found.files.length - files.length} images are done already\n`);

  // What prints is loaded while processes start.
  const [recorder, { recordWriter }, sidecars, bar] = await Promise.all([
    openRecorder(files, options),
    import('../output/record-formats.ts'),
    options.sidecars
      ? import('../output/sidecar-writer.ts').then(({ SidecarWriter }) => new SidecarWriter())
      : undefined,
    progressBar(format, options),
  ]);
  const counts = { done: 0, untagged: 0 };
  try {
    const output = await openOutput(outputFile, { append: isResumed });
    bar?.start(files.length, 0);
    const writer = recordWriter(format, {
      ...options,
      hasBudget: options.budget !== undefined,
      toFile: outputFile !== undefined,
    });
    for await (const { file, record } of records(files, recorder, interrupted.signal)) {
      counts.done++;
      if (record.outcome === 'rejected' || record.outcome === 'failed') counts.untagged++;
      await output.write(writer.write(record));
      await sidecars?.update(file, record);
      bar?.increment();
    }
    bar?.stop();
    await output.write(writer.end());
    await output.close();
  } finally {
    bar?.stop();
    await recorder.close();
  }

  const summary = sidecars?.summary() ?? [];
  if (summary.length > 0) process.stderr.write(`${summary.join(', ')}\n`);
  if (interrupted.signal.aborted) {
    process.stderr.write(`Interrupted: ${counts.done} of ${files.length} images done\n`);
    process.exitCode = EXIT.interrupted;
    return;
  }
  if (counts.untagged > 0) process.stderr.write(`${counts.untagged} of ${files.length} images could not be tagged\n`);
  const hasFailed = counts.untagged + found.unreadable.length + (sidecars?.failed ?? 0) > 0;
  if (hasFailed) process.exitCode = EXIT.failed;
}

/** What is written where: what its name says, unless a format was asked for. */
function destination({ format, output, resume }: TagCommandOptions): {
  format: Format;
  output: string | undefined;
  isResumed: boolean;
} {
  if (resume === undefined) {
    return { format: format ?? formatOfName(output, FORMATS) ?? 'table', output, isResumed: false };
  }
  if (output !== undefined || (format !== undefined && format !== 'jsonl')) {
    throw new TagmillError('invalid-argument', '--resume FILE adds jsonl to FILE: give neither --output nor --format');
  }
  return { format: 'jsonl', output: resume, isResumed: true };
}

/** @throws {TagmillError} `invalid-argument` if what is written would overwrite what is read. */
function assertNoInput(output: string | undefined, files: readonly string[]): void {
  const resolved = output === undefined ? undefined : path.resolve(output);
  if (files.some((file) => path.resolve(file) === resolved)) {
    throw new TagmillError('invalid-argument', `${output} is to be tagged, and --output would destroy it`);
  }
}

/** What was not looked at, and why. */
function tellLeftOut({ leftOut, unreadable }: ImagePaths): void {
  const told = [
    ...(leftOut.files > 0 ? [`${leftOut.files} hidden files or files without an image's extension were left out`] : []),
    ...(leftOut.folders > 0 ? [`${leftOut.folders} folders were left out: hidden, trash, thumbnails or .nomedia`] : []),
    ...(leftOut.excluded > 0 ? [`${leftOut.excluded} files or folders were left out by --exclude`] : []),
    ...unreadable.slice(0, MOST_NAMED).map((each) => `Cannot be read: ${each}`),
    ...(unreadable.length > 0 ? [`${unreadable.length} folders could not be read`] : []),
  ];
  for (const line of told) process.stderr.write(`${line}\n`);
}

async function* records(
  files: readonly string[],
  recorder: Recorder,
  signal: AbortSignal,
): AsyncGenerator<{ file: string; record: ImageRecord }> {
  const untilInterrupted = function* () {
    for (const file of files) {
      if (signal.aborted) return;
      yield file;
    }
  };
  // In order. While a slow one is waited for, the others go on, but not without bound: their records are kept.
  const { concurrency } = recorder;
  yield* pMapIterable(untilInterrupted(), async (file) => ({ file, record: await recorder.record(file) }), {
    concurrency,
    backpressure: WAITING * concurrency,
  });
}

/** On a terminal, unless records scroll by there. */
async function progressBar(format: Format, { output, resume }: TagCommandOptions): Promise<SingleBar | undefined> {
  const scrolling = format !== 'table' && (output ?? resume) === undefined && process.stdout.isTTY;
  if (!process.stderr.isTTY || scrolling) return undefined;
  const { SingleBar } = await import('cli-progress');
  return new SingleBar({ format: '{bar} {value}/{total} images, {eta_formatted} left', clearOnComplete: true });
}
