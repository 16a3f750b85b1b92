import fs from 'node:fs';
import { type ImageRecord, TagmillError } from '@tagmill/core';
import type { SingleBar } from 'cli-progress';
import { pMapIterable } from 'p-map';
import { EXIT } from '../errors.ts';
import type { FileTaggerOptions, Recorder } from '../file-tagger.ts';
import type { Format } from '../formats.ts';
import { expandImagePaths } from '../image-paths.ts';
import { openRecorder } from '../recorder.ts';
import { writeText } from '../write-text.ts';

/** Records that wait for a slow image, for each in flight. */
const WAITING = 16;

export interface TagCommandOptions extends FileTaggerOptions {
  format?: Format;
  output?: string;
  sidecars?: boolean;
}

/**
 * `tagmill tag`: one record an image, in the order of the arguments. An image that can't be tagged doesn't stop the others;
 * Ctrl-C takes no more images, and prints what is done.
 */
export async function tag(paths: readonly string[], options: TagCommandOptions): Promise<void> {
  if (options.sidecars) {
    throw new TagmillError(
      'invalid-argument',
      '--sidecars goes with --watch; `tagmill export --format xmp` writes those of a stack',
    );
  }
  const { format = 'table' } = options;
  const { files, skipped } = await expandImagePaths(paths);
  if (skipped > 0)
    process.stderr.write(`${skipped} hidden files or files without an image's extension were left out\n`);
  // What prints is loaded while processes start.
  const [recorder, { recordWriter }, bar] = await Promise.all([
    openRecorder(files, options),
    import('../record-formats.ts'),
    progressBar(format, options),
  ]);

  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  const output = options.output === undefined ? process.stdout : fs.createWriteStream(options.output);
  bar?.start(files.length, 0);

  const writer = recordWriter(format);
  const counts = { done: 0, untagged: 0 };
  try {
    for await (const record of records(files, recorder, interrupted.signal)) {
      counts.done++;
      if (record.outcome === 'rejected' || record.outcome === 'failed') counts.untagged++;
      await writeText(output, writer.write(record));
      bar?.increment();
    }
    bar?.stop();
    await writeText(output, writer.end());
    if (output !== process.stdout) await new Promise<void>((resolve) => output.end(resolve));
  } finally {
    await recorder.close();
  }

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
  recorder: Recorder,
  signal: AbortSignal,
): AsyncGenerator<ImageRecord> {
  const untilInterrupted = function* () {
    for (const file of files) {
      if (signal.aborted) return;
      yield file;
    }
  };
  // In order. While a slow one is waited for, the others go on, but not without bound: their records are kept.
  const { concurrency } = recorder;
  yield* pMapIterable(untilInterrupted(), (file) => recorder.recordOf(file), {
    concurrency,
    backpressure: WAITING * concurrency,
  });
}

/** On a terminal, unless records scroll by there. */
async function progressBar(format: Format, { output }: TagCommandOptions): Promise<SingleBar | undefined> {
  const scrolling = format !== 'table' && output === undefined && process.stdout.isTTY;
  if (!process.stderr.isTTY || scrolling) return undefined;
  const { SingleBar } = await import('cli-progress');
  return new SingleBar({ format: '{bar} {value}/{total} images, {eta_formatted} left', clearOnComplete: true });
}
