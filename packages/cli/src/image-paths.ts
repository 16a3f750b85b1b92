import fs from 'node:fs/promises';
import path from 'node:path';

/** What is looked at in a folder; a file that is named outright is looked at whatever it is called. */
const EXTENSIONS = ['jpg', 'jpeg', 'jpe', 'jfif', 'png', 'webp', 'avif', 'gif', 'tif', 'tiff', 'heic', 'heif', 'bmp'];
const IMAGE = new RegExp(`\\.(${EXTENSIONS.join('|')})$`, 'i');

/** Whether a file in a folder is taken for an image: by its name, unless it is hidden. */
export function isImageName(file: string): boolean {
  return IMAGE.test(file) && !path.basename(file).startsWith('.');
}

/** Asked of the system, of a folder. */
const ENTRIES_AT_ONCE = 1024;

const GLOB = /[*?[{]/;

export interface ImagePaths {
  /** Without duplicates, in the order of the arguments, a folder's files by name. */
  files: string[];
  /** Files in the folders that are hidden, or whose names are no images'. */
  skipped: number;
}

/**
 * Expands files, folders (with all below them) and globs. Links to folders are not followed: they may lead in circles.
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
      for (const file of await filesBelow(argument)) {
        if (isImageName(file)) files.add(file);
        else skipped++;
      }
    } else if (!stats && GLOB.test(argument)) {
      const matches = (await Array.fromAsync(fs.glob(argument))).sort();
      for (const file of matches.length > 0 ? matches : [argument]) files.add(file);
    } else {
      files.add(argument);
    }
  }
  return { files: [...files], skipped };
}

/** A folder's entries are taken as they come: all of half a million at once are some 100 MB more. */
async function filesBelow(folder: string): Promise<string[]> {
  const files: string[] = [];
  const folders = [folder];
  for (const each of folders) {
    for await (const entry of await fs.opendir(each, { bufferSize: ENTRIES_AT_ONCE })) {
      const file = path.join(each, entry.name);
      const toFolder = entry.isSymbolicLink() && (await fs.stat(file).catch(() => undefined))?.isDirectory();
      if (entry.isDirectory()) folders.push(file);
      else if (!toFolder) files.push(file);
    }
  }
  return files.sort();
}
