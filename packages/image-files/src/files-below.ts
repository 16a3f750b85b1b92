import type { Dirent } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { IMAGE_EXTENSIONS } from './image-extensions.ts';
import { decodePath, toPrintable, toSystemPath } from './system-path.ts';

const IMAGE = new RegExp(`\\.(${IMAGE_EXTENSIONS.join('|')})$`, 'i');

/** Thumbnails, snapshots and trash of Synology, QNAP, Windows and macOS; Linux' are hidden. */
const SYSTEM_FOLDERS: ReadonlySet<string> = new Set([
  '@eaDir',
  '#recycle',
  '#snapshot',
  '@Recycle',
  '@Recently-Snapshot',
  '$RECYCLE.BIN',
  'System Volume Information',
  '__MACOSX',
]);

/** A folder that holds it isn't for a gallery: Android's convention. */
export const NO_MEDIA = '.nomedia';

/** Asked of the system, of a folder. */
const ENTRIES_AT_ONCE = 1024;

export interface Selection {
  files: string[];
  leftOut: LeftOut;
  /** What can't be read, and why. */
  unreadable: string[];
}

export interface LeftOut {
  /** Hidden, or of a name that is no image's. */
  files: number;
  /** Hidden, or of the kinds that no photos are kept in. */
  folders: number;
  /** As they were asked to be. */
  excluded: number;
}

export const NOTHING_LEFT_OUT: LeftOut = { files: 0, folders: 0, excluded: 0 };

/** Whether a file in a folder is taken for an image: by its name, unless it is hidden. */
export function isImageName(file: string): boolean {
  return IMAGE.test(file) && !isHidden(file);
}

/** Whether a folder below the one that was named is looked into, by its name. */
export function isFolderOfPhotos(folder: string): boolean {
  return !isHidden(folder) && !SYSTEM_FOLDERS.has(path.basename(folder));
}

function isHidden(file: string): boolean {
  return path.basename(file).startsWith('.');
}

/** Whether a path below a folder, or its last name alone, fits one of the globs. */
export function isExcluded(relative: string, globs: readonly string[]): boolean {
  return globs.some((glob) => path.matchesGlob(relative, glob) || path.matchesGlob(path.basename(relative), glob));
}

/** The images in a folder and in those below it, by name. The folder itself may be hidden: it was named. */
export async function listFilesBelow(folder: string, exclude: readonly string[]): Promise<Selection> {
  const found: Selection = { files: [], leftOut: { ...NOTHING_LEFT_OUT }, unreadable: [] };
  const folders = [folder];
  for (const each of folders) {
    try {
      const inside = await listSorted(each, { exclude, root: folder });
      if (inside.hasNoMedia && each !== folder) {
        found.leftOut.folders++;
        continue;
      }
      // One by one: a folder may have more entries than a call has arguments.
      for (const file of inside.files) found.files.push(file);
      for (const below of inside.folders) folders.push(below);
      for (const why of ['files', 'folders', 'excluded'] as const) found.leftOut[why] += inside.leftOut[why];
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      found.unreadable.push(`${toPrintable(each)}: ${code === 'EACCES' ? 'permission denied' : code}`);
    }
  }
  found.files.sort();
  return found;
}

/** What a folder has. Its entries are taken as they come: all of half a million at once are some 100 MB more. */
async function listSorted(folder: string, { exclude, root }: { exclude: readonly string[]; root: string }) {
  const inside = {
    files: [] as string[],
    folders: [] as string[],
    hasNoMedia: false,
    leftOut: { ...NOTHING_LEFT_OUT },
  };
  const directory = await fs.opendir(toSystemPath(folder), {
    // As bytes: its type knows of text only.
    encoding: 'buffer' as BufferEncoding,
    bufferSize: ENTRIES_AT_ONCE,
  });
  for await (const entry of directory as AsyncIterable<unknown> as AsyncIterable<Dirent<Buffer>>) {
    const name = decodePath(entry.name);
    const file = path.join(folder, name);
    if (name === NO_MEDIA) inside.hasNoMedia = true;
    const isLinkToFolder = entry.isSymbolicLink() && (await isFolder(file));
    // A sidecar belongs to its image: it isn't missed.
    if (isLinkToFolder || name.endsWith('.xmp')) continue;
    const isWanted = entry.isDirectory() ? isFolderOfPhotos(name) : isImageName(name);
    if (isExcluded(path.relative(root, file), exclude)) inside.leftOut.excluded++;
    else if (!isWanted) inside.leftOut[entry.isDirectory() ? 'folders' : 'files']++;
    else if (entry.isDirectory()) inside.folders.push(file);
    else inside.files.push(file);
  }
  return inside;
}

async function isFolder(file: string): Promise<boolean> {
  const stats = await fs.stat(toSystemPath(file)).catch(() => undefined);
  return stats?.isDirectory() ?? false;
}
