import fs from 'node:fs/promises';
import path from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';

/** What is looked at in a folder; a file that is named outright is looked at whatever it is called. */
const EXTENSIONS = ['jpg', 'jpeg', 'jpe', 'jfif', 'png', 'webp', 'avif', 'gif', 'tif', 'tiff', 'heic', 'heif', 'bmp'];
const IMAGE = new RegExp(`\\.(${EXTENSIONS.join('|')})$`, 'i');

export interface ImagePaths {
  /** Without duplicates, in the order of the arguments, a folder's files by name. */
  files: string[];
  /** Files in the folders whose names are no images'. */
  skipped: number;
}

/**
 * Expands files, folders (with all below them) and globs.
 *
 * A path that exists is never read as a glob; one that matches nothing is kept, so that whoever opens it says so.
 *
 * @example
 * await expandImagePaths(['holiday', 'cat.jpg', 'scans/*.tif'])
 * // { files: ['holiday/beach.jpg', 'cat.jpg', 'scans/1.tif'], skipped: 2 }
 */
export async function expandImagePaths(given: readonly string[]): Promise<ImagePaths> {
  const files = new Set<string>();
  let skipped = 0;
  for (const argument of given) {
    const stats = await fs.stat(argument).catch(() => undefined);
    if (stats?.isDirectory()) {
      for (const name of await list('**', argument)) {
        if (IMAGE.test(name)) files.add(path.join(argument, name));
        else skipped++;
      }
    } else if (!stats && isDynamicPattern(argument)) {
      const matches = await list(argument, process.cwd());
      for (const file of matches.length > 0 ? matches : [argument]) files.add(file);
    } else {
      files.add(argument);
    }
  }
  return { files: [...files], skipped };
}

async function list(pattern: string, directory: string): Promise<string[]> {
  return (await glob(pattern, { cwd: directory, expandDirectories: false })).sort();
}
