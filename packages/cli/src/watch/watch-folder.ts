import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { TagmillError } from '@tagmill/core';
import { isExcluded, isFolderOfPhotos, isImageName, NO_MEDIA } from '@tagmill/image-files';
import { type FSWatcher, watch } from 'chokidar';

export interface WatchFolderOptions {
  /** Hears of each image that is there, arrives or changes, when its size has stayed the same for a while. */
  onImage: (file: string) => void;
  /** Hears of each sidecar that is deleted. */
  onSidecarGone: (sidecar: string) => void;
  /** Globs of what is left out. */
  exclude: readonly string[];
  say: (line: string) => void;
  signal: AbortSignal;
}

/** A file that didn't grow for so long is whole. One that does later has changed, and is heard of again. */
export const WHOLE_AFTER_MS = 1000;
const SIZE_POLL_MS = 200;

/** A folder that is unmounted or moved away sends no event, so its identity is looked at. */
const PRESENCE_POLL_MS = 1000;

/** Nothing can be watched any more: the system's limits of watches or of open files. */
const FATAL: readonly string[] = ['ENOSPC', 'EMFILE', 'ENFILE'];

/**
 * Watches a folder with all below it until it is told to stop. Should the folder vanish, it waits for it to come back, and
 * then looks at all that is there again.
 *
 * @throws {TagmillError} `invalid-argument` if it is no folder to begin with; `unavailable` at the system's limit of watches.
 */
export async function watchFolder(folder: string, options: WatchFolderOptions): Promise<void> {
  const { say, signal } = options;
  let identity = await identify(folder);
  if (identity === undefined) throw new TagmillError('invalid-argument', `--watch takes folders: ${folder} is none`);
  while (!signal.aborted) {
    say(`Watching ${folder}`);
    await watchUntilGone(folder, identity, options);
    if (signal.aborted) return;
    say(`${folder} is gone: waiting for it to come back`);
    do {
      await pause(signal);
      identity = await identify(folder);
    } while (identity === undefined && !signal.aborted);
    identity ??= '';
  }
}

async function watchUntilGone(
  folder: string,
  identity: string,
  { onImage, onSidecarGone, exclude, say, signal }: WatchFolderOptions,
): Promise<void> {
  const watcher = watch(folder, {
    ignored: (file, stats) => {
      if (path.relative(folder, file) === '') return false;
      if (isExcluded(path.relative(folder, file), exclude)) return true;
      if (stats?.isFile()) return !isImageName(file) && !isSidecar(file);
      return stats?.isDirectory() === true && (!isFolderOfPhotos(file) || existsSync(path.join(file, NO_MEDIA)));
    },
    // They may lead in circles.
    followSymlinks: false,
    awaitWriteFinish: { stabilityThreshold: WHOLE_AFTER_MS, pollInterval: SIZE_POLL_MS },
  });
  const failed = fatalError(watcher, say);
  const onFile = (file: string) => {
    if (!isSidecar(file)) onImage(file);
  };
  watcher.on('add', onFile);
  watcher.on('change', onFile);
  watcher.on('unlink', (file) => {
    if (isSidecar(file)) onSidecarGone(file);
  });
  try {
    do await Promise.race([pause(signal), failed]);
    while (!signal.aborted && (await identify(folder)) === identity);
  } finally {
    await watcher.close();
  }
}

function isSidecar(file: string): boolean {
  return file.endsWith('.xmp');
}

/** A part that can't be read is said and left out. */
function fatalError(watcher: FSWatcher, say: (line: string) => void): Promise<never> {
  const failed = new Promise<never>((_, reject) => {
    watcher.on('error', (error) => {
      const { code, message } = error as NodeJS.ErrnoException;
      if (!FATAL.includes(code ?? '')) return say(`Not watched: ${message}`);
      reject(new TagmillError('unavailable', `Too many files to watch: ${message}`, { cause: error }));
    });
  });
  failed.catch(() => undefined);
  return failed;
}

/** Of the folder itself: another one of the same name has another. */
async function identify(folder: string): Promise<string | undefined> {
  const stats = await fs.stat(folder).catch(() => undefined);
  return stats?.isDirectory() ? `${stats.dev}:${stats.ino}` : undefined;
}

async function pause(signal: AbortSignal): Promise<void> {
  await delay(PRESENCE_POLL_MS, undefined, { signal }).catch(() => undefined);
}
