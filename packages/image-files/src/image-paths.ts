import fs from 'node:fs/promises';
import path from 'node:path';
import { isExcluded, listFilesBelow, NOTHING_LEFT_OUT, type Selection } from './files-below.ts';
import { decodePath, toSystemPath } from './system-path.ts';

const GLOB = /[*?[{]/;

/** What decoding makes of a byte that is no UTF-8. */
const REPLACEMENT = '\ufffd';

export type ImagePaths = Selection;

export interface ImagePathOptions {
  /** Globs of what is left out: see {@link isExcluded}. */
  exclude?: readonly string[];
}

/**
 * Expands files, folders (with all below them) and globs. Links to folders are not followed: they may lead in circles.
 *
 * A path that exists is never read as a glob. A glob that matches nothing is kept as a path, so that opening it fails and says so. A
 * folder that can't be read is told, and the others are looked at.
 *
 * @returns files without duplicates, in the order of the arguments, a folder's by name.
 *
 * @example
 * await expandImagePaths(['holiday', 'cat.jpg', 'scans/*.tif'])
 * // { files: ['holiday/beach.jpg', 'cat.jpg', 'scans/1.tif'], leftOut: { files: 2, folders: 0, excluded: 0 }, unreadable: [] }
 */
export async function expandImagePaths(
  given: readonly string[],
  { exclude = [] }: ImagePathOptions = {},
): Promise<ImagePaths> {
  const files = new Set<string>();
  const leftOut = { ...NOTHING_LEFT_OUT };
  const unreadable: string[] = [];
  for (const argument of (await Promise.all(given.map(listPaths))).flat()) {
    const stats = await fs.stat(toSystemPath(argument)).catch(() => undefined);
    if (stats?.isDirectory()) {
      const below = await listFilesBelow(argument, exclude);
      for (const file of below.files) files.add(file);
      for (const why of ['files', 'folders', 'excluded'] as const) leftOut[why] += below.leftOut[why];
      unreadable.push(...below.unreadable);
    } else if (isExcluded(path.basename(argument), exclude) || isExcluded(argument, exclude)) {
      leftOut.excluded++;
    } else {
      files.add(argument);
    }
  }
  return { files: [...files], leftOut, unreadable };
}

/** The paths that an argument means: itself, what its glob matches, or names whose bytes were lost on their way here. */
async function listPaths(argument: string): Promise<string[]> {
  if (await fs.stat(toSystemPath(argument)).catch(() => undefined)) return [argument];
  const matches = GLOB.test(argument) ? (await Array.fromAsync(fs.glob(argument))).sort() : [];
  const paths = await Promise.all((matches.length > 0 ? matches : [argument]).map(restoreBytes));
  return [...new Set(paths.flat())];
}

/**
 * Node reads arguments and a glob's matches as UTF-8: a name in Latin-1 arrives with U+FFFD for each stray byte. The folder's own listing
 * has the bytes.
 */
async function restoreBytes(lossy: string): Promise<string[]> {
  if (!lossy.includes(REPLACEMENT)) return [lossy];
  const { root } = path.parse(lossy);
  let paths = [root];
  for (const name of lossy.slice(root.length).split(path.sep).filter(Boolean)) {
    const found = await Promise.all(paths.map((folder) => namesakesIn(folder, name)));
    paths = found.flat();
  }
  return paths.length > 0 ? paths.sort() : [lossy];
}

async function namesakesIn(folder: string, lossyName: string): Promise<string[]> {
  if (!lossyName.includes(REPLACEMENT)) return [path.join(folder, lossyName)];
  const names = await fs.readdir(toSystemPath(folder || '.'), { encoding: 'buffer' }).catch(() => []);
  return names.filter((name) => name.toString() === lossyName).map((name) => path.join(folder, decodePath(name)));
}
