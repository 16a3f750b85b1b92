import fs from 'node:fs/promises';
import path from 'node:path';

/** What is looked at in a folder; a file that is named outright is looked at whatever it is called. */
const EXTENSIONS = ['jpg', 'jpeg', 'jpe', 'jfif', 'png', 'webp', 'avif', 'gif', 'tif', 'tiff', 'heic', 'heif', 'bmp'];
const IMAGE = new RegExp(`\\.(${EXTENSIONS.join('|')})$`, 'i');

/** Whether a file in a folder is taken for an image: by its name, unless it is hidden. */
export function isImageName(file: string): boolean {
  return IMAGE.test(file) && !path.basename(file).startsWith('.');
}

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

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true });
  const candidates = entries.filter((entry) => !entry.isDirectory());
  const files: string[] = [];
  for (const entry of candidates) {
    const file = path.join(entry.parentPath, entry.name);
    const toFolder = entry.isSymbolicLink() && (await fs.stat(file).catch(() => undefined))?.isDirectory();
    if (!toFolder) files.push(file);
  }
  return files.sort();
}
