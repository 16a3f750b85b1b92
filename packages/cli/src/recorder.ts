import os from 'node:os';
import type { FileTaggerOptions, Recorder } from './file-tagger.ts';

/** A process takes about as long to start as it takes to tag so many. */
const LEAST_IMAGES = 64;

/** With a model, and images at work side by side. */
const PROCESS_BYTES = 512 * 2 ** 20;

/**
 * Opens what tags so many files: this process, or one a core where there is work enough for them.
 *
 * @throws {TagmillError} if the options fit no variant, or its model can't be loaded.
 */
export async function openRecorder(images: number, options: FileTaggerOptions): Promise<Recorder> {
  const processes = processesFor(images, options);
  // Each loads only what it needs: the tagger takes longer to load than all the rest of the command.
  if (processes > 1) return (await import('./tagging-processes.ts')).TaggingProcesses.start(processes, options);
  const { openFileTagger, recordOf } = await import('./file-tagger.ts');
  const tagger = await openFileTagger(options);
  return {
    concurrency: tagger.concurrency,
    recordOf: (file) => recordOf(file, tagger),
    close: () => tagger.close(),
  };
}

/**
 * How many processes tag so many images. With a latency budget one: what images take side by side in one is what its profile
 * describes, and what it goes on learning.
 */
export function processesFor(
  images: number,
  { concurrency, budget }: Pick<FileTaggerOptions, 'concurrency' | 'budget'>,
  { cores = os.availableParallelism(), availableBytes = process.availableMemory() } = {},
): number {
  if (budget !== undefined) return 1;
  const most = [images / LEAST_IMAGES, availableBytes / PROCESS_BYTES].map(Math.floor);
  return Math.max(1, Math.min(cores, concurrency, ...most));
}
