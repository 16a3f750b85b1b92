import fs from 'node:fs/promises';
import os from 'node:os';
import { toSystemPath } from '@tagmill/image-files';
import type { FileTaggerOptions, Recorder } from './file-tagger.ts';
import { TaggingProcesses } from './tagging-processes.ts';

/** A process takes about as long to start as it takes to tag so many small images. */
const LEAST_WORK = 96;

/** So many bytes of an image take as long as another small one. */
const BYTES_A_WORK = 200_000;

/** With a model, and images at work side by side. */
const PROCESS_BYTES = 512 * 2 ** 20;

/**
 * Opens what tags files: this process, or one a core where there is work enough for them.
 *
 * @throws {TagmillError} if the options fit no variant, or its model can't be loaded.
 */
export async function openRecorder(files: readonly string[], options: FileTaggerOptions): Promise<Recorder> {
  const processes = processesFor(await estimateWork(files), options);
  if (processes > 1) return TaggingProcesses.start(processes, options);
  // Only where it is needed: the tagger takes longer to load than all the rest of the command.
  const [{ openFileTagger }, { recordFile }] = await Promise.all([
    import('./file-tagger.ts'),
    import('./file-record.ts'),
  ]);
  const tagger = await openFileTagger(options);
  return {
    concurrency: tagger.concurrency,
    record: (file) => recordFile(file, tagger),
    close: () => tagger.close(),
  };
}

/** How long files take, in small images: their number if they are many, whose sizes would take time to ask for. */
export async function estimateWork(files: readonly string[]): Promise<number> {
  if (files.length >= LEAST_WORK * os.availableParallelism()) return files.length;
  const sizes = await Promise.all(files.map((file) => fs.stat(toSystemPath(file)).catch(() => ({ size: 0 }))));
  return sizes.reduce((work, { size }) => work + 1 + size / BYTES_A_WORK, 0);
}

/**
 * How many processes do so much work. With a latency budget, one process: its profile describes images side by side in one process, and
 * it goes on learning from them.
 */
export function processesFor(
  work: number,
  { concurrency, budget }: Pick<FileTaggerOptions, 'concurrency' | 'budget'>,
  { cores = os.availableParallelism(), availableBytes = process.availableMemory() } = {},
): number {
  if (budget !== undefined) return 1;
  const most = [work / LEAST_WORK, availableBytes / PROCESS_BYTES].map(Math.floor);
  return Math.max(1, Math.min(cores, concurrency, ...most));
}
